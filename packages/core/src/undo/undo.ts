// Takes back what a run wrote, after everything was read: plans record by record, keeps to the guards, makes questions,
// holds and intents durable page by page, sends them, and tells what went through. Nothing else is delivered.
import * as Effect from "effect/Effect"
import type { Entity } from "../model/pipeline.ts"
import type { JournalRow } from "../model/journal.ts"
import { joinLoaded } from "../model/loaded.ts"
import type { GuardTrip } from "../model/report.ts"
import { keysOf } from "../integrate/claims.ts"
import type { Draft } from "../integrate/draft.ts"
import { barredFields, UNREAD } from "../integrate/hold.ts"
import { unreadOf } from "../integrate/unreadable.ts"
import { pushAll } from "../deliver/push-all.ts"
import { guardLimit } from "../session/guards.ts"
import { openDraft, type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import type { Loaded } from "../store/port.ts"
import type { UndoAction } from "./action.ts"
import { carryOut, endOf, isReplaced } from "./carry-out.ts"
import { planRecord, WRITES } from "./plan.ts"

const PAGE = 200
const MOST_ROWS = 1_000

/** What the run wrote, and what becomes of it. Reads the store only. */
export const planUndo = (session: Session, run: string): Effect.Effect<readonly UndoAction[], StoreError> =>
  Effect.gen(function* () {
    const actions: UndoAction[] = []
    const rows = yield* writesOf(session, run)
    for (const entity of session.engine.pipeline.entities) {
      const own = Map.groupBy(
        rows.filter((row) => row.entity === entity.name),
        (row) => row.recordId ?? "",
      )
      for (const ids of pages([...own.keys()])) {
        const loaded = yield* loadWithKeys(session, entity, ids)
        const draft = openDraft(session, entity, loaded)
        for (const id of ids) {
          const record = loaded.records.find((candidate) => candidate.id === id)
          if (record === undefined) continue
          const journal = yield* session.engine.store.journal({ recordId: id, limit: MOST_ROWS, newestFirst: true })
          const planned = planRecord(entity, record, loaded, { rows: own.get(id) ?? [], journal })
          actions.push(...planned.map((action) => unlessBarred(draft, action)))
        }
      }
    }
    return actions
  })

const unlessBarred = (draft: Draft, action: UndoAction): UndoAction => {
  const why = whyBarred(draft, action)
  return why === null ? action : { ...action, kind: "leave", field: action.kind === "restore" ? action.field : null, why }
}

/** An undo writes only what may be written there at all, and over nothing that could not be read. */
function whyBarred(draft: Draft, action: UndoAction): string | null {
  const { kind, recordId, binding, linkId } = action
  const link = linkId === null ? undefined : draft.link(linkId)
  if (kind === "recreate" && isReplaced(draft, recordId, binding)) return "another record has its keys now"
  if (kind === "restore" && link !== undefined) return barredFields(draft, link).get(action.field) ?? null
  // what nobody could read there may be somebody's word, and would go with it
  if (kind === "remove" && link !== undefined && unreadOf(draft, link).length > 0) return UNREAD
  return null
}

const writesOf = (session: Session, run: string): Effect.Effect<readonly JournalRow[], StoreError> =>
  Effect.gen(function* () {
    const found: JournalRow[] = []
    for (let afterSeq = 0; ;) {
      const page = yield* session.engine.store.journal({ run, afterSeq, limit: MOST_ROWS })
      found.push(...page.filter((row) => WRITES.some((kind) => kind === row.kind)))
      const last = page.at(-1)
      if (last === undefined || page.length < MOST_ROWS) return found
      afterSeq = last.seq
    }
  })

/** The records, and whoever claims the keys of those that were deleted. */
const loadWithKeys = (session: Session, entity: Entity, ids: readonly string[]): Effect.Effect<Loaded, StoreError> =>
  Effect.gen(function* () {
    const { store } = session.engine
    const loaded = yield* store.loadRecords(ids)
    const keys = loaded.records.filter((record) => record.deleted !== null).flatMap((record) => keysOf(entity, record.fields))
    const [binding] = entity.bindings
    if (keys.length === 0 || binding === undefined) return loaded
    return joinLoaded(loaded, yield* store.loadPage({ entity: entity.name, binding: binding.key, remoteIds: [], secondaryIds: [], keys }))
  })

const GUARDED = { remove: "delete", recreate: "create", restore: "update" } as const

/** What the actions would do beyond the guards. */
export const guardUndo = (session: Session, actions: readonly UndoAction[]): Effect.Effect<readonly GuardTrip[], StoreError> =>
  Effect.gen(function* () {
    const counts = yield* session.engine.store.dueCounts(0)
    const { guards } = session.engine.pipeline
    const trips: GuardTrip[] = []
    for (const { entity, binding, linked } of counts) {
      for (const kind of ["remove", "recreate", "restore"] as const) {
        const guard = GUARDED[kind]
        const own = actions.filter((action) => action.kind === kind && action.binding === binding && action.entity === entity)
        const count = new Set(own.map((action) => action.linkId)).size
        const limit = guardLimit(guards[guard], linked, session.options.allow?.[guard])
        if (count <= limit) continue
        const message = `this undo would ${guard} ${count} items in ${binding}, more than the guard allows (${limit} of ${linked} linked)`
        trips.push({ guard, system: binding.split(".")[0] ?? binding, binding, count, limit, linked, message })
      }
    }
    return trips
  })

export interface Ended {
  readonly failed: readonly UndoAction[]
  readonly open: readonly UndoAction[]
}

/** Writes; answers the actions that did not go through, and those of which nobody knows. */
export const applyUndo = (
  session: Session,
  actions: readonly UndoAction[],
  undone: string,
): Effect.Effect<Ended, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const ends: Record<ReturnType<typeof endOf>, UndoAction[]> = { done: [], failed: [], open: [] }
    const epoch = { epoch: session.lease.epoch, run: session.run, undoes: undone }
    for (const entity of session.engine.pipeline.entities) {
      const own = actions.filter((action) => action.entity === entity.name && action.kind !== "leave")
      const byRecord = Map.groupBy(own, (action) => action.recordId)
      for (const ids of pages([...byRecord.keys()])) {
        const page = ids.map((id) => byRecord.get(id) ?? [])
        const intents = yield* step(session, entity, loadWithKeys(session, entity, ids), (draft) =>
          page.flatMap((each) => carryOut(draft, each, undone, epoch)),
        )
        yield* pushAll(session, entity, intents)
        const draft = openDraft(session, entity, yield* session.engine.store.loadRecords(ids))
        for (const action of page.flat()) ends[endOf(draft, action)].push(action)
      }
    }
    return ends
  })

const pages = (ids: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / PAGE) }, (_, n) => ids.slice(n * PAGE, (n + 1) * PAGE))
