// Writes to an item that is not what or where it was: edited by others, deleted, not there.
import { type Check, must, show } from "../check.ts"
import { guarded, items, ownEdits, edits, removes, writes } from "../needs.ts"
import { again, editOutside, inOrder, make, newEdit, op, opOn, pushOne, seeAll } from "../stand/items.ts"
import { lag } from "../stand/lag.ts"
import { scan } from "../stand/scan.ts"
import { mustRead } from "./writes.ts"
import { faultOf } from "./rejected.ts"

const stale: Check = {
  name: "stale-base-is-a-conflict",
  area: "write",
  says: "an update computed from an old state is a conflict and writes nothing; the same for a delete",
  scope: "resource",
  needs: [guarded, ownEdits, edits, items],
  run: async (stand) => {
    const { connector, resource, spec } = stand
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    // Somebody else's edit of the very fields that are about to be written.
    const theirs = newEdit(stand)
    const now = await editOutside(stand, made, theirs)
    const kinds = (["update", "delete"] as const).filter((kind) => (spec.write[kind]?.guard ?? "none") !== "none")
    for (const kind of kinds) {
      const one = opOn(stand, kind, made, kind === "update" ? newEdit(stand) : {})
      const [outcome] = inOrder([one], await connector.push(resource, [one]))
      must(
        outcome?.status === "failed" && outcome.fault.class === "conflict",
        () =>
          `${kind === "update" ? "an update" : "a delete"} on top of an edit that it has not seen is ${outcome?.status === "failed" ? `"${outcome.fault.class}"` : outcome?.status}, not a conflict`,
      )
      const after = await again(stand, now)
      mustRead(stand, after.change.item, theirs, `a ${kind} that was a conflict wrote all the same`)
    }
  },
}

const removed: Check = {
  name: "delete-deletes-once",
  area: "write",
  says: "a delete removes the item; another one succeeds, too, and so does one of an item that others removed",
  scope: "resource",
  needs: [writes("delete"), items],
  run: async (stand) => {
    const [made, other, kept] = await make(stand, 3)
    must(made !== undefined && other !== undefined && kept !== undefined, "nothing was made")
    const one = opOn(stand, "delete", made)
    await pushOne(stand, one, "a delete")
    await lag(stand, "byId")
    must(!(await seeAll(stand, [made.id])).has(made.id), `${made.id} was deleted, and is there`)
    must((await seeAll(stand, [kept.id])).has(kept.id), `${made.id} was deleted, and ${kept.id} is gone as well`)
    await pushOne(
      stand,
      op(stand, "delete", { ...one, ref: `again-${one.ref}`, idempotencyKey: `again-${one.idempotencyKey}` }),
      "a second delete",
    )
    if (stand.outside.delete === undefined && stand.outside.erase === undefined) return
    await (stand.outside.erase ?? stand.outside.delete)?.(other.id)
    const late = opOn(stand, "delete", other)
    const [outcome] = inOrder([late], await stand.connector.push(stand.resource, [late]))
    // Where an id alone proves nothing, "not found" is the honest answer.
    const honest =
      outcome?.status === "failed" && (outcome.fault.class === "gone" || (!stand.spec.id.stable && outcome.fault.class === "notFound"))
    must(outcome?.status === "applied" || honest, () => `a delete of an item that others removed is ${show(outcome)}`)
  },
}

const nobody: Check = {
  name: "update-of-nobody",
  area: "write",
  says: "an update of an item that is not there fails, and makes no new one",
  scope: "resource",
  needs: [ownEdits, items, removes],
  run: async (stand) => {
    const { connector, resource } = stand
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    const count = async (): Promise<number> => {
      if (!stand.spec.read.snapshot) return 0
      await lag(stand, "delta")
      return (await scan(stand, stand.witness, "snapshot", null)).changes.filter(({ kind }) => kind === "upsert").length
    }
    if (stand.outside.erase !== undefined) await stand.outside.erase(made.id)
    else if (stand.outside.delete !== undefined) await stand.outside.delete(made.id)
    else await pushOne(stand, opOn(stand, "delete", made), "a delete", stand.witness)
    const before = await count()
    const one = opOn(stand, "update", made, newEdit(stand))
    const fault = await faultOf(async () => {
      const [outcome] = inOrder([one], await connector.push(resource, [one]))
      if (outcome?.status === "applied") return outcome
      throw new (await import("@syncline/connector")).FaultError(outcome?.fault ?? { class: "invalid", message: "no outcome" })
    }, "an update of an item that was deleted")
    must(
      ["notFound", "gone", "conflict"].includes(fault.class),
      `an update of an item that was deleted is "${fault.class}" (${fault.message}), not "gone", "notFound" or "conflict"`,
    )
    must((await count()) === before, "an update of an item that was deleted made a new one")
  },
}

export const targetChecks: readonly Check[] = [stale, removed, nobody]
