// A system whose schema drifts: what it shows of its items, rewritten on the way.
import type { Json, JsonObject } from "@syncline/connector"
import { World, type WorldSpec } from "../fake-system/world.ts"

/** Rewrites what system `b` shows of its items: in pages, in lookups and in the answers to writes. */
export function showing(world: World, change: (item: JsonObject) => JsonObject): void {
  const wire = world.wire("b")
  wire.onPage = (page) => ({
    ...page,
    changes: page.changes.map((each) => (each.kind === "upsert" ? { ...each, item: change(each.item) } : each)),
  })
  wire.onAnswers = (answers) =>
    answers.map((answer) =>
      "found" in answer && answer.found.kind === "upsert" ? { found: { ...answer.found, item: change(answer.found.item) } } : answer,
    )
}
export const lost =
  (path: string) =>
  (item: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(item).filter(([name]) => name !== path))
export const asNumber = (item: JsonObject): JsonObject => ({ ...item, ...(item["phone"] === undefined ? {} : { phone: 15 }) })

export async function people(spec: Partial<WorldSpec> = {}, count = 4): Promise<World> {
  const world = new World({ systems: { a: {}, b: { returnsItem: false } }, ...spec })
  for (let i = 1; i <= count; i++) world.system("a").create({ email: `p${i}@x.com`, name: `P${i}`, phone: `1${i}` })
  await world.run()
  world.wait()
  return world
}
export const phones = (world: World): readonly (Json | undefined)[] =>
  world
    .system("a")
    .live()
    .map((row) => row.item["phone"])
export const ALL = ["11", "12", "13", "14"]
