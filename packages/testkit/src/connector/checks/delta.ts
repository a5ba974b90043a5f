// Changes since a cursor: none lost between pages, between scans, between clocks, or behind the cursor.
import type { Connector } from "@syncline/connector"
import { type Check, must, show, Skip } from "../check.ts"
import { delta, edits, items, snapshot } from "../needs.ts"
import { editOutside, make, removeOutside, type Made } from "../stand/items.ts"
import { lag } from "../stand/lag.ts"
import { same } from "../stand/paths.ts"
import { cursorOfNow, scan, severalPages, throughJson, upsertOf } from "../stand/scan.ts"
import type { Stand } from "../stand/stand.ts"
import { answer } from "../wire/exchange.ts"
import { faultOf, mustBe } from "./rejected.ts"

export const deltaOf = async (
  stand: Stand,
  cursor: Parameters<typeof scan>[3],
  connector: Connector = stand.connector,
  limit = stand.spec.read.pageSize,
) => {
  await lag(stand, "delta")
  return scan(stand, connector, "delta", cursor, { limit })
}

export const mustTell = (stand: Stand, changes: Awaited<ReturnType<typeof scan>>["changes"], made: Made, when: string): void => {
  const told = upsertOf(changes, made.id)
  must(told !== undefined, `${when} the delta does not tell of ${made.id}`)
  must(
    same(told.item, made.change.item),
    () => `${when} the delta tells an old state of ${made.id}: ${show(told.item)}, and it is ${show(made.change.item)}`,
  )
  must(stand.resource !== "", "no resource")
}

const follows: Check = {
  name: "delta-tells-changes",
  area: "read",
  says: "a delta tells what was created and edited since its cursor, as it is now, and the end of a snapshot is where it starts",
  scope: "resource",
  needs: [delta, items],
  run: async (stand) => {
    const { connector, spec } = stand
    const [old] = await make(stand, 1)
    const start = spec.read.snapshot ? throughJson((await scan(stand, connector, "snapshot", null)).last.next) : await cursorOfNow(stand)
    const [created] = await make(stand, 1)
    const touched = old !== undefined && canEdit(stand) ? await editOutside(stand, old) : undefined
    const { changes, last } = await deltaOf(stand, start)
    if (created !== undefined) mustTell(stand, changes, created, "after a create")
    if (touched !== undefined) mustTell(stand, changes, touched, "after an edit")
    must(last.complete, "a delta of a quiet system is not complete")
  },
}

const canEdit = (stand: Stand): boolean =>
  stand.conduct.edit !== undefined && (stand.spec.write.update !== undefined || stand.outside.edit !== undefined)

const atOnce: Check = {
  name: "edit-right-after-a-pull",
  area: "read",
  says: "what changes right after a scan, in the same tick of the system's clock, is in the next one",
  scope: "resource",
  needs: [delta, edits, items],
  run: async (stand) => {
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    let cursor = await cursorOfNow(stand)
    let latest = made
    for (let round = 0; round < 3; round++) {
      latest = await editOutside(stand, latest)
      const { changes, last } = await deltaOf(stand, cursor)
      mustTell(stand, changes, latest, round === 0 ? "after an edit" : `after edit ${round + 1}, each made right after a scan,`)
      cursor = throughJson(last.next)
    }
  },
}

const equalTimes: Check = {
  name: "equal-times-across-pages",
  area: "read",
  says: "items that changed at the same time are all told, wherever the edge of a page falls",
  scope: "resource",
  needs: [delta, items],
  run: async (stand) => {
    const cursor = await cursorOfNow(stand)
    const { limit: floor } = await severalPages(stand)
    // As near to one instant as the system lets them be.
    const made = await make(stand, 7)
    for (const limit of [Math.max(1, Math.min(floor, 2)), 3]) {
      const { changes, last } = await deltaOf(stand, cursor, stand.connector, limit)
      const lost = made.filter(({ id }) => upsertOf(changes, id) === undefined)
      must(
        lost.length === 0,
        `of ${made.length} items that changed together, a delta in pages of ${limit} lacks ${lost.map(({ id }) => id).join(", ")}`,
      )
      must(last.complete, `a delta in pages of ${limit} is not complete`)
    }
  },
}

const duringPaging: Check = {
  name: "change-during-paging",
  area: "read",
  says: "what is created or edited while pages are read is in a later page or in the next delta",
  scope: "resource",
  needs: [delta, edits, items],
  run: async (stand) => {
    const { connector, spec } = stand
    const { limit } = await severalPages(stand)
    for (const mode of spec.read.snapshot ? (["snapshot", "delta"] as const) : (["delta"] as const)) {
      const start = mode === "snapshot" ? null : await cursorOfNow(stand)
      const before = await make(stand, 6)
      await lag(stand, "delta")
      const changed: Made[] = []
      const scanned = await scan(stand, connector, mode, start, {
        limit: mode === "delta" ? 2 : limit,
        between: async (page) => {
          if (changed.length > 0) return
          // One that was read already, so that no later page of a scan by id or by age shows it again.
          const passed = before.find(({ id }) => page.changes.some((change) => change.id === id))
          if (passed !== undefined) changed.push(await editOutside(stand, passed), ...(await make(stand, 1)))
        },
      })
      if (changed.length === 0) throw new Skip("its scans have one page only")
      const rest = await deltaOf(stand, throughJson(scanned.last.next))
      for (const made of changed) {
        const told = upsertOf([...scanned.changes, ...rest.changes], made.id)
        must(
          told !== undefined && same(told.item, made.change.item),
          () => `${made.id} was changed while a ${mode} was read; neither that nor the next delta tells it as it is now`,
        )
      }
    }
  },
}

const removedDuringPaging: Check = {
  name: "delete-during-paging",
  area: "read",
  says: "a delete while pages are read makes no other item vanish from a complete snapshot",
  scope: "resource",
  needs: [snapshot, items],
  run: async (stand) => {
    if (stand.spec.write.delete === undefined && stand.outside.delete === undefined && stand.outside.erase === undefined)
      throw new Skip("nothing can be deleted")
    const { limit } = await severalPages(stand)
    const victims = await make(stand, 2)
    const kept = await make(stand, 3)
    await lag(stand, "delta")
    let index = 0
    const scanned = await scan(stand, stand.connector, "snapshot", null, {
      limit,
      between: async (page) => {
        // Once an item was read it is removed, so that everything behind it moves up.
        const victim = victims[index]
        const due = page.changes.some(({ id }) => id === victim?.id) || index === 0
        if (victim === undefined || !due) return
        index++
        if (stand.outside.erase !== undefined) await stand.outside.erase(victim.id)
        else await removeOutside(stand, victim)
      },
    })
    if (!scanned.last.complete) return
    const lost = kept.find(({ id }) => upsertOf(scanned.changes, id) === undefined)
    must(
      lost === undefined,
      `another item was deleted while a snapshot was read; the snapshot is complete and lacks ${lost?.id}, which is there`,
    )
  },
}

const window: Check = {
  name: "more-than-a-window",
  area: "read",
  says: "more changes than one window of the system shows are all told",
  scope: "resource",
  needs: [delta, items],
  run: async (stand) => {
    const most = stand.spec.read.delta?.maxWindow
    if (most === undefined) throw new Skip("it declares no largest window")
    if (most > 300) throw new Skip(`its window holds ${most} items; a setting of the fake could make it smaller`)
    const cursor = await cursorOfNow(stand)
    const made = await make(stand, most + 5)
    const { changes, last } = await deltaOf(stand, cursor)
    const lost = made.filter(({ id }) => upsertOf(changes, id) === undefined)
    must(lost.length === 0, `of ${made.length} changes, with a window of ${most}, the delta lacks ${lost.length}`)
    must(last.complete, "it is not complete")
  },
}

const expired: Check = {
  name: "expired-cursor",
  area: "read",
  says: "a cursor that is too old, or not one of its own, is an expired cursor, never an empty answer",
  scope: "resource",
  needs: [delta],
  run: async (stand) => {
    const { connector, resource, spec, running } = stand
    for (const cursor of [{ "not-a-cursor": true }, "no cursor of this connector", 17]) {
      const what = `a delta with the cursor ${show(cursor)}`
      mustBe(await faultOf(() => connector.pull(resource, { mode: "delta", cursor, limit: 10 }), what), ["cursorExpired"], what)
    }
    const kind = spec.read.delta?.kind
    const cursor = await cursorOfNow(stand)
    if (running.expireCursors !== undefined) {
      await running.expireCursors()
      stand.session.cursors.delete(resource)
      const what = "a delta with a cursor that the system does not know any more"
      mustBe(await faultOf(() => connector.pull(resource, { mode: "delta", cursor, limit: 10 }), what), ["cursorExpired"], what)
    } else if (stand.session.wire !== null && (kind === "token" || kind === "sequence")) {
      stand.wire.rule(({ purpose }) => (purpose === "token" ? null : answer(410)))
      const what = "a delta that is answered 410"
      mustBe(await faultOf(() => connector.pull(resource, { mode: "delta", cursor, limit: 10 }), what), ["cursorExpired"], what)
    }
  },
}

export const deltaChecks: readonly Check[] = [follows, atOnce, equalTimes, duringPaging, removedDuringPaging, window, expired]
