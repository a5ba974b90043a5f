// Reads what changed in one binding, page by page; each page and its cursor are one transaction.
import * as Effect from "effect/Effect"
import type { Page } from "@syncline/connector"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { ScanState } from "../model/scan.ts"
import { integratePage, touches } from "../integrate/integrate.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { callRemote, type RemoteFault } from "../session/remote.ts"
import { countersOf, remoteOf, scanKey, type Session, step } from "../session/session.ts"
import { judgeAbsence, leavesOut } from "./absence.ts"
import { withoutMootMerges } from "./moot-merges.ts"
import { withFormer } from "./with-former.ts"
import { watchPage } from "./schema-watch.ts"

type Mode = "delta" | "snapshot"

const fresh = (entity: Entity, binding: Binding): ScanState => ({
  binding: binding.key,
  entity: entity.name,
  cursor: null,
  scan: null,
  fingerprint: binding.fingerprint,
  lastFullAt: null,
  lastScanAt: null,
  total: null,
})

const pathsOf = (binding: Binding): readonly string[] => [...new Set(binding.fields.flatMap((field) => [...field.reads, ...field.writes]))]

export const pullBinding = (
  session: Session,
  entity: Entity,
  binding: Binding,
): Effect.Effect<void, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const state = session.scans.get(scanKey(entity.name, binding.key)) ?? fresh(entity, binding)
    const remapped = state.fingerprint !== binding.fingerprint
    const full = state.cursor === null || remapped || session.options.full === true
    const shrunk = yield* scan(
      session,
      entity,
      binding,
      // what was read under another mapping is read again, however often that is broken off
      remapped ? { ...state, fingerprint: binding.fingerprint, cursor: null, scan: null } : state,
      full ? "snapshot" : "delta",
      true,
    )
    // fewer items than there should be: only a full scan can say which
    if (shrunk) yield* scan(session, entity, binding, session.scans.get(scanKey(entity.name, binding.key)) ?? state, "snapshot", true)
  })

/** True where the delta's total hints at items that vanished without a sign. */
const scan = (
  session: Session,
  entity: Entity,
  binding: Binding,
  from: ScanState,
  wanted: Mode,
  provesAbsence: boolean,
): Effect.Effect<boolean, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const { engine } = session
    const { store } = engine
    const counters = countersOf(session, binding.system)
    const resumed = from.scan !== null && from.scan.mode === wanted ? from.scan : null
    const underway = resumed ?? { mode: wanted, next: wanted === "delta" ? from.cursor : null, startedAt: engine.now(), provesAbsence }
    let next = underway.next
    let items = 0
    const tell = (done: boolean, total: number | null): void =>
      engine.progress?.({ stage: "pull", system: binding.system, binding: binding.key, read: items, total, done })
    for (;;) {
      const raw: Page | null = yield* callRemote(remoteOf(session, binding.system), (connector, signal) =>
        connector.pull(
          binding.resource,
          { mode: underway.mode, cursor: next, limit: binding.spec.read.pageSize, paths: pathsOf(binding) },
          { signal },
        ),
      ).pipe(Effect.catchTag("RemoteFault", (error) => (error.fault.class === "cursorExpired" ? Effect.succeed(null) : Effect.fail(error))))
      if (raw === null) {
        session.warnings.add(
          `${binding.key}: the cursor expired, everything is read again, and once more by the next run, which finds what was deleted meanwhile`,
        )
        return yield* scan(session, entity, binding, { ...from, cursor: null, scan: null }, "snapshot", false)
      }
      const page = yield* watchPage(session, entity, binding, yield* withoutMootMerges(session, binding, raw))
      const at = engine.now()
      const done = !page.more
      const full = done && underway.mode === "snapshot" && page.complete
      const trustworthy = full && underway.provesAbsence && resumed === null
      if (full) session.readInFull.add(scanKey(entity.name, binding.key))
      // as an outage shows it, or lost permissions: an item that was there already would be in no later delta
      const blank = full && resumed === null && items === 0 && page.changes.length === 0
      const total = page.total ?? from.total
      const shrunk =
        underway.mode === "delta" && binding.spec.deletes.includes("absence") && total !== null && from.total !== null && total < from.total
      const read: ScanState = {
        ...from,
        // a scan that may infer no delete is followed by one that may: what vanished meanwhile is in no later delta
        // a scan that broke off left something unread: the next one starts where this one did
        // one that saw nothing at all is no ground to build on: as long as it is so, the next scan is a full one, and as short
        cursor: !done || !page.complete || blank ? from.cursor : underway.provesAbsence ? page.next : null,
        scan: done ? null : { ...underway, next: page.next },
        lastScanAt: done ? at : from.lastScanAt,
        lastFullAt: full ? at : from.lastFullAt,
        // fewer than before is a hint at something that vanished: it holds until a full scan took it up
        total: shrunk || (underway.mode === "snapshot" && !full) ? from.total : total,
      }
      // until it is known why something is missing, it may be the scan that left it out, and more: nothing builds on it
      const doubtful = trustworthy && (yield* leavesOut(session, entity, binding, underway.startedAt, page.changes))
      const scanned: ScanState = doubtful ? { ...from, scan: null, lastScanAt: at } : read
      const stored = session.scans.get(scanKey(entity.name, binding.key))
      const firstFull = full && (session.restored !== null || stored?.lastFullAt == null)
      const quiet = page.changes.length === 0 && done && !firstFull && stored !== undefined && sameCursor(scanned, stored)
      const counts = quiet
        ? { read: 0, changed: 0 }
        : yield* step(
            session,
            entity,
            withFormer(store, store.loadPage({ entity: entity.name, binding: binding.key, ...touches(binding, entity, page.changes) })),
            (draft) => {
              draft.putScan(scanned)
              return integratePage(draft, binding, page.changes, { confirmed: false })
            },
          )
      // strangers that cannot be recognised as long as their key is held were read as well
      items += raw.changes.length
      counters.read += raw.changes.length
      counters.changed += counts.changed
      next = page.next
      tell(done, underway.mode === "snapshot" ? (page.total ?? null) : null)
      if (!done) continue
      if (underway.mode === "delta") return shrunk
      if (!page.complete)
        session.warnings.add(`${binding.key}: the scan was not complete, so nothing that is missing from it counts as deleted`)
      if (doubtful && (yield* judgeAbsence(session, entity, binding, underway.startedAt, items)))
        yield* step(session, entity, store.loadRecords([]), (draft) => draft.putScan(read))
      return false
    }
  })

const sameCursor = (a: ScanState, b: ScanState): boolean =>
  JSON.stringify([a.cursor, a.scan, a.total, a.fingerprint]) === JSON.stringify([b.cursor, b.scan, b.total, b.fingerprint])
