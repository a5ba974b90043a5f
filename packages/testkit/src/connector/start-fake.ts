// A fake from its file to a running system: credentials become settings, its clock is the one that lags are waited out by,
// and its people act from outside. The file exports `fake` (of `@syncline/testkit/fake`), or `start` of its own.
import { pathToFileURL } from "node:url"
import type { JsonObject } from "@syncline/connector"
import type { Fake } from "../fake/define-fake.ts"
import { ConformanceError } from "./load-conformance.ts"
import type { Outside, Running } from "./conduct.ts"

export async function startFake(file: string, settings: JsonObject, people: string | undefined): Promise<Running> {
  const module: object = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new ConformanceError(
      `The fake ${file} cannot be loaded: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
      { cause: error },
    )
  })
  const exported = new Map<string, unknown>(Object.entries(module))
  const fake = exported.get("fake")
  if (isFake(fake)) return runningFake(fake, settings, people)
  const start = exported.get("start")
  if (typeof start !== "function") throw new ConformanceError(`The fake ${file} exports neither \`fake\` nor \`start\`.`)
  const running: Running = await start(settings)
  return { ...running, config: { ...running.config, ...settings } }
}

const isFake = (value: unknown): value is Fake<unknown> =>
  typeof value === "object" && value !== null && "start" in value && typeof value.start === "function" && "credentials" in value

/** For a `conformance.ts` that has more to say. `people`: the resource whose ids its people go by. */
export async function runningFake(fake: Fake<unknown>, settings: JsonObject = {}, people?: string): Promise<Running> {
  const running = await fake.start()
  const there = running.people
  const outside: Outside =
    there === undefined
      ? {}
      : {
          create: async (item) => there.create(item),
          edit: async (id, set) => there.update(id, set),
          delete: async (id) => there.delete(id),
          ...(there.erase === undefined ? {} : { erase: async (id: string) => there.erase?.(id) }),
        }
  return {
    config: { baseUrl: running.url, ...running.credentials, ...settings },
    advance: async (ms) => running.clock.advance(ms),
    ...(people === undefined ? {} : { outside: { [people]: outside } }),
    close: () => running.close(),
  }
}
