import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Op } from "@syncline/connector"
import { canonicalText } from "../../src/model/value.ts"
import type { Plan, PlannedWrite } from "../../src/model/report.ts"
import { Chaos } from "./chaos.ts"
import { FIELDS, life, PEOPLE, type Step } from "./life.ts"

const RUNS = Number(process.env["PROP_RUNS"] ?? 30)

const ofPlan = (write: PlannedWrite): string =>
  canonicalText([write.system, write.kind, write.remoteId?.startsWith("planned-") === true ? null : write.remoteId, write.set])
/** An item that is made in the same pass has no id that a plan could know. */
const ofOp = (system: string, op: Op, known: ReadonlySet<string>): string =>
  canonicalText([system, op.kind, op.id !== null && known.has(op.id) ? op.id : null, op.set])

/** A random life that ended at some point, with writes owed and open. */
async function somewhere(of: Parameters<Chaos["live"]>[0], chaos: Chaos): Promise<void> {
  await chaos.live(of)
  chaos.calm()
  chaos.world.wait(600_000)
}

/** All that the store answers, as one text. */
async function contents(chaos: Chaos): Promise<string> {
  const { world } = chaos
  const ids = (await world.journal()).flatMap((row) => (row.recordId === null ? [] : [row.recordId]))
  return JSON.stringify([
    await world.effect(world.store.loadRecords([...new Set(ids)].sort())),
    await world.journal(),
    await world.intents(),
    await world.quarantined(),
    await world.effect(world.store.reviews({ limit: 10_000 })),
    await world.effect(world.store.scans()),
    await world.effect(world.store.status()),
    await world.effect(world.store.runs(1_000)),
  ])
}

describe("a plan", () => {
  it("writes nothing, in no system and not in the store", async () => {
    await fc.assert(
      fc.asyncProperty(life({ remove: 1 }), async (of) => {
        const chaos = new Chaos(of)
        await somewhere(of.steps, chaos)
        const before = [await contents(chaos), JSON.stringify(chaos.world.writes())]
        await chaos.world.plan()
        expect([await contents(chaos), JSON.stringify(chaos.world.writes())]).toEqual(before)
      }),
      { numRuns: RUNS },
    )
  })

  it("names exactly the writes that a run then makes", async () => {
    await fc.assert(
      fc.asyncProperty(life({ remove: 1 }), async (of) => {
        const chaos = new Chaos(of)
        await somewhere(of.steps, chaos)
        const { world } = chaos
        // a create without an answer: what became of it, only sending it again can tell
        fc.pre(!(await world.intents()).some((intent) => intent.kind === "create"))
        const plan = await world.plan()
        const known = chaos.ids()
        const pushed = chaos.watch()
        await world.run()
        const made = pushed.map(([system, op]) => ofOp(system, op, known)).sort()
        expect(plan.writes.map(ofPlan).sort()).toEqual(made)
      }),
      { numRuns: RUNS },
    )
  })

  it("is applied as it is while nothing moved, and there is nothing left to plan", async () => {
    await fc.assert(
      fc.asyncProperty(life({ remove: 1 }), async (of) => {
        const chaos = new Chaos(of)
        await chaos.live(of.steps)
        await chaos.settle()
        const { world } = chaos
        world.wait(60_000)
        await chaos.step({ do: "edit", system: 0, person: 0, field: 0 })
        await chaos.step({ do: "create", system: 1, person: 2 })
        const plan = await world.plan()
        const known = chaos.ids()
        const pushed = chaos.watch()
        const applied = await world.apply(plan)
        expect(applied.applied).toBe(true)
        expect(pushed.map(([system, op]) => ofOp(system, op, known)).sort()).toEqual(plan.writes.map(ofPlan).sort())
        expect((await world.plan()).writes).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  it("is applied to the letter, or not at all where anything moved since", async () => {
    const [system, person] = [fc.nat(2), fc.nat(PEOPLE - 1)]
    const moves: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ do: fc.constant("edit" as const), system, person, field: fc.nat(FIELDS.length - 1) }),
      fc.record({ do: fc.constant("create" as const), system, person }),
      fc.record({ do: fc.constant("remove" as const), system, person }),
      fc.record({ do: fc.constant("rename" as const), system, person, to: fc.nat(PEOPLE + 1) }),
    )
    await fc.assert(
      fc.asyncProperty(life(), moves, async (of, move) => {
        const chaos = new Chaos(of)
        await chaos.live(of.steps)
        await chaos.step({ do: "create", system: 0, person: 0 })
        await chaos.settle()
        const { world } = chaos
        await chaos.step({ do: "edit", system: 0, person: 0, field: 0 })
        const plan: Plan = await world.plan()
        world.wait(10_000)
        await chaos.step(move)
        const moved = canonicalText(plan.writes.map(ofPlan)) !== canonicalText((await world.plan()).writes.map(ofPlan))
        const known = chaos.ids()
        const pushed = chaos.watch()
        const applied = await world.apply(plan)
        expect(applied.applied).toBe(!moved)
        expect(pushed.map(([name, op]) => ofOp(name, op, known)).sort()).toEqual(applied.applied ? plan.writes.map(ofPlan).sort() : [])
      }),
      { numRuns: RUNS },
    )
  })
})
