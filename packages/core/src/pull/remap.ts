// A mapping changed: fields that are new to a binding were never seen there, so they are owed without a base until the
// full read that follows; and every record is asked again where it belongs.
import * as Effect from "effect/Effect"
import { type Link, NO_BASE } from "../model/link.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import { closeReview } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { forgetRefusals } from "../integrate/refusal.ts"
import { place, spread } from "../integrate/spread.ts"
import { scanKey, type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"

const PAGE = 500

const parse = (fingerprint: string): ReadonlyMap<string, string> =>
  new Map(
    fingerprint
      .split(";")
      .map((part) => part.split("="))
      .map(([name, hash]) => [name ?? "", hash ?? ""]),
  )

/** Fields of the binding that mean something else than when it was read last. */
export function changedFields(before: string, binding: Binding): readonly string[] {
  const known = parse(before)
  const now = parse(binding.fingerprint)
  return binding.fields.map((field) => field.name).filter((name) => known.get(name) !== now.get(name))
}

/** Before anything is read: marks what was never seen, in every link of a binding whose fields changed. */
export const unseeNewFields = (session: Session): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.gen(function* () {
    for (const entity of session.engine.pipeline.entities) {
      for (const binding of entity.bindings) {
        const scan = session.scans.get(scanKey(entity.name, binding.key))
        if (scan === undefined || scan.fingerprint === binding.fingerprint) continue
        const names = changedFields(scan.fingerprint, binding)
        if (names.length === 0) continue
        yield* everyRecord(session, entity, (draft, recordId) => {
          const known = draft.linkIn(recordId, binding.key)
          if (known === undefined || known.state === "gone") return
          for (const name of names) tryAgain(draft, known, name)
          const link = draft.link(known.id) ?? known
          if (link.seen === null) return
          const unseen = Object.fromEntries(names.filter((name) => !(name in link.owed)).map((name) => [name, NO_BASE]))
          draft.putLink({ ...link, owed: { ...link.owed, ...unseen } })
        })
      }
    }
  })

/** What could not be written under the former mapping, or was refused, may pass under this one. */
function tryAgain(draft: Draft, link: Link, field: string): void {
  forgetRefusals(draft, link.id, field)
  for (const review of draft.reviews(link.recordId))
    if (review.kind === "unachievable" && review.linkId === link.id && review.field === field)
      closeReview(draft, review, "withdrawn", `${field} is mapped otherwise now`)
}

/** Records were spread by several mappings, each of them perhaps. */
const MIXED = "?"
/** Under this name the store remembers with which mapping the records of an entity were last spread. */
const spreadMark = (entity: Entity): string => `spread/${entity.name}`

/**
 * Before anything is read: the first records of an entity are spread by this mapping, even if the pass is cut off; and what other
 * records were spread by is known no more once another mapping may have moved some of them.
 */
export const markSpread = (session: Session): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store, pipeline } = session.engine
    for (const entity of pipeline.entities) {
      const mark = spreadMark(entity)
      const known = yield* store.systemState(mark)
      const isFirst = known === null && (yield* store.records(entity.name, "", 1)).length === 0
      if (isFirst) yield* store.putSystemState(session.lease, mark, mappingOf(entity))
      else if (known !== null && known !== MIXED && known !== mappingOf(entity)) yield* store.putSystemState(session.lease, mark, MIXED)
    }
  })

const mappingOf = (entity: Entity): string => entity.bindings.map((binding) => `${binding.key}:${binding.fingerprint}`).join("|")

/** After everything was read: a new binding, or another filter, may want records that did not change at all. */
export const spreadAgain = (session: Session): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.gen(function* () {
    for (const entity of session.engine.pipeline.entities) {
      const fingerprint = mappingOf(entity)
      const known = yield* session.engine.store.systemState(spreadMark(entity))
      if (known === fingerprint) continue
      // a binding that could not be read yet might hold the very items that would be created there
      const isRead = ({ key }: Binding): boolean => (session.scans.get(scanKey(entity.name, key))?.lastFullAt ?? null) !== null
      if (!entity.bindings.every(isRead)) {
        // what is known in the others stays or leaves without it
        const read = entity.bindings.filter(isRead)
        yield* everyRecord(session, entity, (draft, recordId) => {
          const isHere = ({ key }: Binding): boolean => draft.linkIn(recordId, key)?.state === "live"
          if (draft.record(recordId).deleted === null) for (const binding of read.filter(isHere)) place(draft, recordId, binding)
        })
        continue
      }
      yield* everyRecord(session, entity, (draft, recordId) => spread(draft, recordId))
      yield* session.engine.store.putSystemState(session.lease, spreadMark(entity), fingerprint)
    }
  })

export const everyRecord = (
  session: Session,
  entity: Entity,
  work: (draft: Draft, recordId: string) => void,
): Effect.Effect<void, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store } = session.engine
    for (let after = ""; ;) {
      const page = yield* store.records(entity.name, after, PAGE)
      const last = page.at(-1)
      if (last === undefined) return
      yield* step(session, entity, store.loadRecords(page.map((record) => record.id)), (draft) => {
        for (const record of page) work(draft, record.id)
      })
      if (page.length < PAGE) return
      after = last.id
    }
  })
