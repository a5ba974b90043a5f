// Scenarios of the crash enumeration: answers that get lost, changed mappings, guards, refusals, and what people command.
import { applyPlan, forgetRecord, repairAll, undoRun } from "../../src/run/index.ts"
import { markOf, RESTORED } from "../../src/store/index.ts"
import { MAILISH } from "../fake-system/traits.ts"
import type { World } from "../fake-system/world.ts"
import { after, edit, fate, remove, three, two, uidOf, type Act, type Scenario } from "./scenario.ts"

/** In step; something happens and is carried to the other system; that run is undone. */
const undone =
  (happens: (world: World) => void, before: (world: World) => Promise<void> = three) =>
  async (world: World): Promise<Act> => {
    await before(world)
    happens(world)
    const { run } = await world.run()
    return (engine) => undoRun(engine, run)
  }

export const TROUBLE: readonly Scenario[] = [
  {
    title: "412: a user edits while our write is on its way",
    spec: two(),
    prepare: after((world) => {
      edit(world, "a", "one", { name: "one in a" })
      world.wire("b").onPush = () => {
        world.wire("b").onPush = () => undefined
        edit(world, "b", "one", { phone: "7" })
      }
    }),
  },
  {
    title: "lost answer to an update",
    spec: two(),
    prepare: after((world) => {
      edit(world, "a", "one", { name: "one in a" })
      fate(world, "lost")
    }),
  },
  {
    title: "lost answer to a create, upsert by address",
    spec: two({ idempotent: "naturalKey", unique: true }),
    prepare: after((world) => {
      world.system("a").create({ email: "new@x.com", name: "new" })
      fate(world, "lost")
    }),
  },
  {
    title: "lost answer to a delete",
    spec: two(),
    prepare: after((world) => {
      remove(world, "a", "two")
      fate(world, "lost")
    }),
  },
  {
    title: "a create that never arrived",
    spec: two({ idempotent: "none", unique: true }),
    prepare: after((world) => {
      world.system("a").create({ email: "new@x.com", name: "new" })
      fate(world, "dropped")
    }),
  },
  {
    title: "remap: a field is new to the mapping",
    spec: two({}, { fields: { b: { note: null } } }),
    remapped: { fields: {} },
    prepare: after((world) => {
      edit(world, "a", "one", { note: "in a" })
      edit(world, "b", "two", { note: "in b" })
    }),
  },
  {
    title: "remap: a filter lets somebody go",
    spec: two(),
    remapped: { binding: { b: ["when: record.name != 'two'", "leaving: delete"] } },
    prepare: three,
  },
  {
    title: "guard that stops the deletes",
    spec: two({}, { guards: "{ delete: { max: 1, percent: 1 } }" }),
    prepare: after((world) => {
      remove(world, "a", "one")
      remove(world, "a", "two")
    }),
  },
  {
    title: "guard that was lifted",
    spec: two({}, { guards: "{ delete: { max: 1, percent: 1 } }" }),
    options: { allow: { delete: 5 } },
    prepare: after((world) => {
      remove(world, "a", "one")
      remove(world, "a", "two")
    }),
  },
  {
    title: "quarantine of one field",
    spec: two(),
    prepare: after((world) => {
      world.system("b").refuses = (item) => (item["phone"] === "bad" ? { phone: "not a number" } : null)
      edit(world, "a", "one", { phone: "bad", name: "one in a" })
    }),
  },
  {
    title: "quarantine retry",
    spec: two(),
    prepare: after(async (world) => {
      world.system("b").refuses = (item) => (item["phone"] === "bad" ? { phone: "not a number" } : null)
      edit(world, "a", "one", { phone: "bad" })
      await world.run()
      world.system("b").refuses = () => null
      const [entry] = await world.quarantined()
      await world.effect(
        world.store.decide({ kind: "retry", quarantineId: entry?.id ?? "", id: "dec_x", at: world.time, by: "ann", note: null }),
      )
    }),
  },
  {
    title: "a value that is taken, adopted",
    spec: two({ unique: true, idempotent: "header" }),
    prepare: after((world) => {
      world.system("a").create({ email: "new@x.com", name: "new" })
      world.wire("b").onPush = () => {
        world.wire("b").onPush = () => undefined
        world.system("b").create({ email: "new@x.com", phone: "8" })
      }
    }),
  },
  {
    title: "apply of a plan",
    spec: two(),
    // a plan is for one state: what it began is completed by a pass
    next: "pass",
    prepare: async (world) => {
      await three(world)
      world.system("a").create({ email: "new@x.com", name: "new" })
      edit(world, "a", "one", { name: "one in a" })
      remove(world, "a", "two")
      const plan = await world.plan()
      return (engine) => applyPlan(engine, plan)
    },
  },
  {
    title: "repair of what somebody changed unseen",
    spec: two(),
    prepare: async (world) => {
      await three(world)
      world.system("b").row(uidOf(world, "b", "one@x.com")).item = { email: "one@x.com", name: "silent", phone: "1", tags: ["t"] }
      return (engine) => repairAll(engine)
    },
  },
  {
    title: "forget a person everywhere",
    spec: two(),
    prepare: async (world) => {
      await three(world)
      const record = (await world.records()).find((each) => each.fields["name"] === "two")
      return (engine) => forgetRecord(engine, record?.id ?? "", { everywhere: true })
    },
  },
  {
    title: "undo of updates, in two systems",
    spec: { systems: { a: {}, b: {}, c: MAILISH } },
    wholeTail: true,
    prepare: undone((world) => {
      edit(world, "a", "one", { name: "one in a", phone: "9" })
      edit(world, "a", "two", { note: "in a" })
    }),
  },
  {
    title: "undo of creates",
    spec: { systems: { a: {}, b: {}, c: MAILISH } },
    wholeTail: true,
    prepare: undone(
      (world) => {
        for (const who of ["one", "two"]) world.system("a").create({ email: `${who}@x.com`, name: who })
      },
      () => Promise.resolve(),
    ),
  },
  {
    title: "undo of deletes",
    spec: two({ idempotent: "naturalKey", unique: true }),
    wholeTail: true,
    prepare: undone((world) => {
      remove(world, "a", "one")
      remove(world, "a", "two")
    }),
  },
  {
    title: "undo that is refused in part, and lost in part",
    spec: two({ max: 1 }),
    wholeTail: true,
    prepare: async (world) => {
      const act = await undone((w) => {
        for (const who of ["one", "two"]) edit(w, "a", who, { name: `${who} in a` })
      })(world)
      world.system("b").refuses = (item) => (item["name"] === "two" ? { name: "no" } : null)
      fate(world, "dropped")
      return act
    },
  },
  {
    title: "after a restore",
    spec: two(),
    prepare: async (world) => {
      await three(world)
      const old = await world.effect(world.store.fork())
      world.system("a").create({ email: "new@x.com", name: "new" })
      edit(world, "a", "one", { name: "one in a" })
      await world.run()
      world.wait()
      const lease = await world.effect(old.acquire("a restore", world.time, 1_000))
      await world.effect(old.putSystemState(lease, RESTORED, markOf({ at: world.time, how: "backup" })))
      await world.effect(old.release(lease))
      world.store = old
    },
  },
  {
    title: "three systems",
    spec: { systems: { a: {}, b: {}, c: { idempotent: "naturalKey", unique: true } } },
    prepare: after((world) => {
      edit(world, "a", "one", { name: "one in a" })
      edit(world, "c", "two", { phone: "4" })
      remove(world, "b", "three")
    }),
  },
]
