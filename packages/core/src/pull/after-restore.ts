// After a restore the store is older than the systems: it may owe creates that were made since. Once everything was read
// in full, each owed create is looked up by its keys; one that is there is tied to its record, one that cannot be told is
// asked about. In: links that owe a create. Out: links that have an item, links that may be created, questions.
import * as Effect from "effect/Effect"
import type { Change, LookupAnswer } from "@syncline/connector"
import { claimsOf } from "../integrate/claims.ts"
import { ask } from "../integrate/dispute.ts"
import { integratePage, touches } from "../integrate/integrate.ts"
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import { overlay, segmentsOf, valueAt, withValues } from "../model/path.ts"
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import type { Fields } from "../model/record.ts"
import type { JsonObject } from "../model/value.ts"
import { callRemote, type RemoteFault } from "../session/remote.ts"
import { bindingsOf, remoteOf, scanKey, type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"

/** More links than one pass ever owes a create. */
const MOST_DUE = 1_000_000

/** False: a system could not be asked, so nothing may be written yet. */
export const confirmCreates = (session: Session): Effect.Effect<boolean, StoreError | StaleLease> =>
  Effect.gen(function* () {
    for (const system of session.remotes.keys()) {
      for (const [entity, binding] of bindingsOf(session, system)) {
        const sure = yield* confirmBinding(session, entity, binding).pipe(
          Effect.as(true),
          Effect.catchTag("RemoteFault", () => Effect.succeed(false)),
        )
        if (!sure) return false
      }
    }
    return true
  })

const confirmBinding = (session: Session, entity: Entity, binding: Binding): Effect.Effect<void, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const { store } = session.engine
    const { due, loaded } = yield* store.due(binding.key, entity.name, Number.MAX_SAFE_INTEGER, MOST_DUE)
    const creates = due.filter((link) => link.remoteId === null && link.owes === null)
    if (creates.length === 0) return
    const found = yield* lookedUp(session, binding, creates, loaded)
    const items = [...found.values()].flat()
    if (items.length > 0)
      yield* step(
        session,
        entity,
        store.loadPage({ entity: entity.name, binding: binding.key, ...touches(binding, entity, items) }),
        (draft) => integratePage(draft, binding, items, { confirmed: true }),
      )
    const scan = session.scans.get(scanKey(entity.name, binding.key))
    const complete = scan !== undefined && scan.lastFullAt !== null && scan.lastFullAt >= session.startedAt
    const strangers = yield* strangersSince(session, entity, binding)
    yield* step(session, entity, store.loadRecords([...new Set(creates.map((link) => link.recordId))]), (draft) => {
      for (const { id } of creates) {
        const link = draft.link(id)
        if (link === undefined || link.remoteId !== null) continue
        const known = found.get(id)
        // there under its key, and somebody else's: made since for this record, or by its users for another
        const taken = known !== undefined && known.length > 0
        const recognisable = claimsOf(entity, draft.record(link.recordId).fields, link.recordId).length > 0
        if (!taken && strangers.length === 0 && (known !== undefined || (complete && recognisable))) continue
        if (draft.reviews(link.recordId).some((review) => review.kind === "unknown_write" && review.linkId === id)) continue
        const why = taken
          ? "an item with its key is there, and belongs to another record"
          : strangers.length > 0
            ? `${strangers.join(", ")}, which nobody knows yet, may have been created for it since, and edited`
            : "nothing tells whether it was created there since"
        ask(draft, {
          kind: "unknown_write",
          message: `${binding.key}: the store is older than this system, and ${why}: look there, then say "retry" to create it or "ignore"`,
          link,
        })
      }
    })
  })

const MOST_WAITING = 10_000

/** Items that wait for a person, and came up since the store was put back: a lost create may have made any of them, under another key. */
const strangersSince = (session: Session, entity: Entity, binding: Binding): Effect.Effect<readonly string[], StoreError> =>
  Effect.gen(function* () {
    const { store } = session.engine
    const since = session.restored?.at ?? 0
    const reviews = yield* store.reviews({ status: "open", entity: entity.name, limit: MOST_WAITING })
    const entries = yield* store.quarantined({ entity: entity.name, binding: binding.key, limit: MOST_WAITING })
    const asked = reviews.filter(({ item, openedAt, ...about }) => item !== null && about.binding === binding.key && openedAt >= since)
    const refused = entries.filter((entry) => entry.direction === "in" && entry.linkId === null && entry.since >= since)
    return [...new Set([...asked, ...refused].flatMap(({ remoteId }) => remoteId ?? []))]
  })

/** What each create finds under the keys it would send; no entry where there is no key to ask by. */
const lookedUp = (
  session: Session,
  binding: Binding,
  creates: readonly Link[],
  loaded: Loaded,
): Effect.Effect<ReadonlyMap<string, readonly Change[]>, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const found = new Map<string, readonly Change[]>()
    const records = new Map(loaded.records.map((record) => [record.id, record]))
    const lookup = binding.spec.read.lookup
    if (lookup === undefined) return found
    for (const key of binding.spec.keys) {
      const [path, second] = key.paths
      if (path === undefined || second !== undefined || !lookup.by.includes(key.name)) continue
      const asked = creates.flatMap((link) => {
        const value = valueAt(bodyOf(binding, records.get(link.recordId)?.fields ?? {}), segmentsOf(path))
        return typeof value === "string" && value !== "" ? [{ link, value }] : []
      })
      for (let at = 0; at < asked.length; at += lookup.max) {
        const batch = asked.slice(at, at + lookup.max)
        const answers: readonly LookupAnswer[] = yield* callRemote(
          remoteOf(session, binding.system),
          (connector, signal) =>
            connector.lookup?.(
              binding.resource,
              key.name,
              batch.map(({ value }) => value),
              { signal },
            ) ?? Promise.resolve([]),
        )
        batch.forEach(({ link }, index) => {
          const answer = answers[index]
          if (answer === undefined) return
          if ("fault" in answer && answer.fault.class !== "notFound" && answer.fault.class !== "gone") return
          const item = "found" in answer && answer.found.kind === "upsert" ? [answer.found] : []
          found.set(link.id, [...(found.get(link.id) ?? []), ...item])
        })
      }
    }
    return found
  })

const bodyOf = (binding: Binding, fields: Fields): JsonObject =>
  binding.fields.reduce<JsonObject>((body, field) => {
    if (field.direction === "in") return body
    const paths = field.put(fields[field.name] ?? null, null)
    return paths instanceof LensFailure ? body : overlay(body, withValues({}, paths))
  }, {})
