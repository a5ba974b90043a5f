// `mock crm`, `mock email` and `mock NAME` for the fake of a connector: HTTP servers on this machine, until Ctrl-C.
import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { EXIT, type ExitCode } from "../exit.ts"
import { CliFailure, usage } from "../failure.ts"
import type { Screen } from "../screen/screen.ts"
import { findFake, type RunningFake } from "../wire/fakes.ts"

export interface MockOptions {
  readonly port: number
  readonly seed?: string
  readonly file?: string
}

export async function mock(screen: Screen, kind: "crm" | "email", options: MockOptions): Promise<ExitCode> {
  const { title, start } = kind === "crm" ? crm : email
  return serve(screen, kind, title, options, (parts) => start(parts))
}

export async function mockConnector(screen: Screen, name: string, options: MockOptions): Promise<ExitCode> {
  const fake = await findFake(name, screen.shell.cwd)
  return serve(screen, name, fake.title, options, ({ port, seed }) =>
    fake.start({ port, ...(seed === undefined ? {} : { seed: readSeed(seed, options.seed ?? seed) }) }),
  )
}

/** The seed of a fake is JSON; what stands in it is the fake's to judge. */
function readSeed(path: string, shown: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"))
  } catch (error) {
    throw usage(`${shown} is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function serve(
  screen: Screen,
  name: string,
  title: string,
  options: MockOptions,
  start: (parts: MockOptions) => Promise<RunningFake>,
): Promise<ExitCode> {
  const within = (path: string): string => resolve(screen.shell.cwd, path)
  if (options.seed !== undefined && !existsSync(within(options.seed))) throw usage(`There is no file ${options.seed}.`)
  const parts = {
    port: options.port,
    ...(options.seed === undefined ? {} : { seed: within(options.seed) }),
    ...(options.file === undefined ? {} : { file: within(options.file) }),
  }
  const server = await start(parts).catch((error: unknown) => {
    throw explain(error, options.port, name)
  })
  // Their credentials are public and meant to be read; a pipeline's own never pass through here.
  screen.out(`${screen.paint.green("✓")} ${screen.paint.bold(title)} at ${server.url}`)
  for (const [label, value] of Object.entries(server.credentials)) screen.out(`  ${label.padEnd(13)} ${value}`)
  screen.out(screen.paint.dim("  Ctrl-C ends it."))
  screen.answer(`mock ${name}`, { url: server.url, credentials: server.credentials })
  await new Promise<void>((end) => {
    const stop = screen.shell.onInterrupt(() => {
      stop()
      end()
    })
  })
  await server.close()
  return EXIT.done
}

const crm = {
  title: "Mock CRM",
  start: async (parts: MockOptions): Promise<RunningFake> => {
    const { startMockCrm, demoClientId, demoClientSecret, demoToken } = await import("@syncline/mock-crm/server")
    const server = await startMockCrm(parts)
    return {
      url: server.url,
      credentials: { token: demoToken, clientId: demoClientId, clientSecret: demoClientSecret },
      close: () => server.close(),
    }
  },
}

const email = {
  title: "Mock e-mail platform",
  start: async (parts: MockOptions): Promise<RunningFake> => {
    const { startMockEmail, demoKey, defaultList } = await import("@syncline/mock-email/server")
    const server = await startMockEmail(parts)
    return { url: server.url, credentials: { apiKey: demoKey, list: defaultList }, close: () => server.close() }
  },
}

function explain(error: unknown, port: number, name: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  if (code === "EADDRINUSE") return usage(`Port ${port} is taken.`, `Let it choose one: syncline mock ${name} --port 0`)
  if (code === "EACCES") return usage(`Port ${port} may not be used.`, `Let it choose one: syncline mock ${name} --port 0`)
  if (error instanceof Error && (error.name === "SeedError" || error.message.startsWith("seed: ")))
    return new CliFailure(EXIT.usage, error.message, { cause: error })
  return error
}
