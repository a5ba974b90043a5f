// Deletes: told by the signs that are declared, and never told of what is there.
import { type Check, must, show, Skip } from "../check.ts"
import { delta, deleteSign, fromOutside, items, removes, snapshot } from "../needs.ts"
import { make, removeOutside, again } from "../stand/items.ts"
import { lag } from "../stand/lag.ts"
import { cursorOfNow, lastOf, scan, severalPages, throughJson, upsertOf } from "../stand/scan.ts"

const told: Check = {
  name: "delete-is-told",
  area: "deletes",
  says: "what is deleted is told as a delete by the next delta, and softly only where it stays in the system",
  scope: "resource",
  needs: [deleteSign("tombstone", "flag"), delta, items, removes],
  run: async (stand) => {
    const made = await make(stand, 3)
    const [gone, kept] = made
    must(gone !== undefined && kept !== undefined, "nothing was made")
    const cursor = await cursorOfNow(stand)
    await removeOutside(stand, gone)
    await lag(stand, "delta")
    const { changes } = await scan(stand, stand.connector, "delta", cursor)
    const last = lastOf(changes, gone.id)
    must(last?.kind === "delete", () => `${gone.id} was deleted, and the delta says ${last === undefined ? "nothing of it" : show(last)}`)
    const soft = !stand.spec.deletes.includes("tombstone")
    must(typeof last.soft === "boolean", `the delete of ${gone.id} does not say whether it is a soft one`)
    if (soft) must(last.soft, `it declares flags and no tombstones, and the delete of ${gone.id} is not a soft one`)
    if (!stand.spec.deletes.includes("flag")) must(!last.soft, `it declares no flags, and the delete of ${gone.id} is a soft one`)
    if (gone.secondary !== undefined)
      must(
        last.secondary === undefined || last.secondary === gone.secondary,
        `the delete of ${gone.id} names ${show(last.secondary)}, which is somebody else`,
      )
    must(lastOf(changes, kept.id)?.kind !== "delete", `${gone.id} was deleted, and the delta says so of ${kept.id}`)
  },
}

const gone: Check = {
  name: "deleted-is-not-there",
  area: "deletes",
  says: "what was deleted is not shown as alive, neither by a snapshot nor by a lookup",
  scope: "resource",
  needs: [items, removes],
  run: async (stand) => {
    const { connector, resource, spec } = stand
    const [made, other] = await make(stand, 2)
    must(made !== undefined && other !== undefined, "nothing was made")
    await removeOutside(stand, made)
    await lag(stand, "delta")
    if (spec.read.snapshot) {
      const { changes, last } = await scan(stand, connector, "snapshot", null)
      must(upsertOf(changes, made.id) === undefined, `${made.id} was deleted, and a snapshot shows it as alive`)
      must(last.complete && upsertOf(changes, other.id) !== undefined, `${made.id} was deleted, and a snapshot lacks ${other.id}`)
    }
    if (spec.read.lookup?.by.includes("id") === true) {
      const [answer, sibling] = await connector.lookup(resource, "id", [made.id, other.id].slice(0, Math.max(1, spec.read.lookup.max)))
      const dead =
        answer !== undefined &&
        ("fault" in answer ? answer.fault.class === "notFound" || answer.fault.class === "gone" : answer.found.kind === "delete")
      must(dead, () => `${made.id} was deleted, and a lookup answers ${show(answer)}`)
      if (sibling !== undefined)
        must("found" in sibling && sibling.found.kind === "upsert", () => `a sibling of a deleted item is looked up as ${show(sibling)}`)
    }
  },
}

const erased: Check = {
  name: "erased-is-absent",
  area: "deletes",
  says: "what is deleted without a trace is missing from complete snapshots and not found by a lookup",
  scope: "resource",
  needs: [deleteSign("absence"), snapshot, items, fromOutside("erase")],
  run: async (stand) => {
    const [made, other] = await make(stand, 2)
    must(made !== undefined && other !== undefined, "nothing was made")
    await stand.outside.erase?.(made.id)
    await lag(stand, "delta")
    const { changes, last } = await scan(stand, stand.connector, "snapshot", null)
    must(last.complete, "a snapshot of a quiet system is not complete")
    must(upsertOf(changes, made.id) === undefined, `${made.id} was erased, and a snapshot shows it`)
    must(upsertOf(changes, other.id) !== undefined, `${made.id} was erased, and a snapshot lacks ${other.id}`)
    if (stand.spec.read.lookup?.by.includes("id") !== true) return
    const [answer] = await stand.connector.lookup(stand.resource, "id", [made.id])
    must(
      answer !== undefined && "fault" in answer && (answer.fault.class === "notFound" || answer.fault.class === "gone"),
      () => `${made.id} was erased, and a lookup answers ${show(answer)}`,
    )
  },
}

const noneInvented: Check = {
  name: "no-delete-is-invented",
  area: "deletes",
  says: "no scan tells a delete of an item that is there, least of all a delta of one that did not change",
  scope: "resource",
  needs: [items],
  run: async (stand) => {
    const { connector, spec } = stand
    const { limit } = await severalPages(stand)
    const quiet = await make(stand, 3)
    if (spec.read.delta !== undefined) {
      const cursor = await cursorOfNow(stand)
      const reader = await stand.open()
      // It has seen all of them before, so that it could miss them now.
      const first = await scan(stand, reader, spec.read.snapshot ? "snapshot" : "delta", null)
      await make(stand, 1)
      await lag(stand, "delta")
      for (const from of [cursor, throughJson(first.last.next)]) {
        for (const size of [limit, spec.read.pageSize]) {
          const { changes } = await scan(stand, reader, "delta", from, { limit: size })
          for (const { id } of quiet)
            must(lastOf(changes, id)?.kind !== "delete", `a delta says that ${id} is deleted, which is there and did not change`)
        }
      }
    }
    if (!spec.read.snapshot) return
    const { changes } = await scan(stand, connector, "snapshot", null, { limit })
    for (const { id } of quiet) must(lastOf(changes, id)?.kind !== "delete", `a snapshot says that ${id} is deleted, which is there`)
  },
}

const restored: Check = {
  name: "restore-is-an-upsert",
  area: "deletes",
  says: "an item that was deleted and is brought back is told as an item again",
  scope: "resource",
  needs: [delta, items, removes, fromOutside("restore")],
  run: async (stand) => {
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    await removeOutside(stand, made)
    const cursor = await cursorOfNow(stand)
    await stand.outside.restore?.(made.id)
    const latest = await again(stand, made)
    await lag(stand, "delta")
    const { changes } = await scan(stand, stand.connector, "delta", cursor)
    const last = lastOf(changes, latest.id)
    must(
      last?.kind === "upsert",
      () => `${made.id} was brought back, and the delta says ${last === undefined ? "nothing of it" : show(last)}`,
    )
  },
}

const rekeyed: Check = {
  name: "new-id-is-the-same-item",
  area: "deletes",
  says: "an item whose id changes is told under the new id, with the stable one beside it or as a rekey",
  scope: "resource",
  needs: [delta, items, fromOutside("rekey")],
  run: async (stand) => {
    if (stand.spec.id.stable) throw new Skip("its ids never change")
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    const cursor = await cursorOfNow(stand)
    const id = (await stand.outside.rekey?.(made.id)) ?? ""
    await lag(stand, "delta")
    const { changes } = await scan(stand, stand.connector, "delta", cursor)
    const rekey = changes.find((change) => change.kind === "rekey" && change.id === id && change.was === made.id)
    const last = lastOf(changes, id)
    must(last !== undefined || rekey !== undefined, `${made.id} became ${id}, and the delta knows nobody of that name`)
    if (stand.spec.id.secondary === undefined || rekey !== undefined) return
    must(
      last?.secondary === made.secondary,
      () => `${made.id} became ${id}; its stable id was ${show(made.secondary)} and is told as ${show(last?.secondary)}`,
    )
  },
}

const merged: Check = {
  name: "merge-is-told",
  area: "deletes",
  says: "of two items that were merged one is told as merged into the other",
  scope: "resource",
  needs: [delta, items, fromOutside("merge")],
  run: async (stand) => {
    const [from, into] = await make(stand, 2)
    must(from !== undefined && into !== undefined, "nothing was made")
    const cursor = await cursorOfNow(stand)
    await stand.outside.merge?.(from.id, into.id)
    await lag(stand, "delta")
    const { changes } = await scan(stand, stand.connector, "delta", cursor)
    const merge = changes.find((change) => change.kind === "merge" && change.id === from.id)
    must(
      merge?.kind === "merge",
      () => `${from.id} was merged into ${into.id}, and the delta says ${show(lastOf(changes, from.id) ?? "nothing of it")}`,
    )
    must(merge.into === into.id, `${from.id} was merged into ${into.id}, and the delta says into ${merge.into}`)
  },
}

export const deleteChecks: readonly Check[] = [told, gone, erased, noneInvented, restored, rekeyed, merged]
