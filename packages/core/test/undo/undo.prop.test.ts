// Whatever people did before a run, and whatever the run then wrote: undone, every system shows what it showed before the
// run, and no later run does it again.
import fc from "fast-check"
import { expect, it } from "vitest"
import type { Json } from "@syncline/connector"
import { undoRun } from "../../src/run/index.ts"
import { World } from "../fake-system/world.ts"

const NAMES = ["ada", "bob", "cleo", "dan"]
const FIELDS = ["name", "phone", "note"] as const

const act = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("edit" as const), system: fc.nat(2), who: fc.nat(3), field: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), system: fc.nat(2), who: fc.nat(3), field: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("create" as const), system: fc.nat(2), who: fc.nat(3), field: fc.nat(2) }) },
)
const scenes = fc.record({ systems: fc.integer({ min: 2, max: 3 }), acts: fc.array(act, { maxLength: 8 }), derived: fc.boolean() })

const shown = (world: World): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(world.systems).map(([name, system]) => [
      name,
      system
        .live()
        .map(({ item }) => JSON.stringify(["email", ...FIELDS].map((field): Json => item[field] ?? null)))
        .toSorted(),
    ]),
  )

it("an undone run leaves every system as it was before, and stays undone", { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(scenes, async ({ systems, acts, derived }) => {
      const names = ["a", "b", "c"].slice(0, systems)
      const world = new World({
        systems: Object.fromEntries(
          names.map((name, n) => [
            name,
            derived && n === 1 ? { id: "derived", secondary: true, version: "timestamp", perField: false } : {},
          ]),
        ),
      })
      for (const name of NAMES) world.system("a").create({ email: `${name}@x.com`, name, phone: "+1", note: "first" })
      await world.run()
      for (const [n, { kind, system, who, field }] of acts.entries()) {
        world.wait()
        const chosen = world.system(names[system % systems] ?? "a")
        const address = `${NAMES[who]}@x.com`
        const row = chosen.byEmail(address)
        if (kind === "edit" && row !== undefined) chosen.edit(row.uid, { [FIELDS[field] ?? "name"]: `value ${n}` })
        if (kind === "remove" && row !== undefined) chosen.remove(row.uid)
        if (kind === "create") chosen.create({ email: `new${n}@x.com`, name: `new ${n}` })
      }
      world.wait()
      const before = shown(world)
      const { run } = await world.run({ allow: { delete: 100 } })
      world.wait()
      const { undo } = await world.effect(undoRun({ ...world.engine, store: world.store }, run, { allow: { delete: 100 } }))
      expect(undo.failed).toEqual([])
      expect(undo.actions.filter((action) => action.kind === "leave" || action.kind === "ask")).toEqual([])
      expect(shown(world)).toEqual(before)
      const writes = world.writes()
      await world.run()
      await world.run({ full: true })
      expect(world.writes()).toEqual(writes)
    }),
    { numRuns: 60 },
  ),
)
