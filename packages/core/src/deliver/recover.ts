// Writes without an answer are never "failed": here it is found out whether they took effect.
// Same key and bytes again where the system knows keys; else a lookup by id or by the keys that were sent; else a person.
import * as Effect from "effect/Effect"
import type { LookupAnswer } from "@syncline/connector"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import { segmentsOf, valueAt } from "../model/path.ts"
import { integratePage, touches } from "../integrate/integrate.ts"
import { joinLoaded } from "../model/loaded.ts"
import type { Loaded } from "../store/port.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { callRemote, type RemoteFault } from "../session/remote.ts"
import { remoteOf, type Session, step } from "../session/session.ts"
import { judgeById, type Proof } from "./judge-by-id.ts"
import { judgeByKey } from "./judge-by-key.ts"
import { markUnanswered, pushIntents } from "./push.ts"
import { rehearseReplays } from "./rehearse-replays.ts"

/** More open intents than one process ever has under way. */
const MOST_INTENTS = 100_000

/** Resolves what can be resolved now; answers how many intents that were, and until when the nearest must wait. */
export const recover = (
  session: Session,
): Effect.Effect<{ readonly resolved: number; readonly waitUntil: number | null }, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store, pipeline, progress } = session.engine
    const intents = yield* store.openIntents(MOST_INTENTS)
    if (intents.length === 0) return { resolved: 0, waitUntil: null }
    progress?.({ stage: "recover", intents: intents.length })
    for (const entity of pipeline.entities) {
      for (const binding of entity.bindings) {
        const here = (intent: Intent): boolean => intent.entity === entity.name && intent.binding === binding.key
        let own = intents.filter(here)
        if (own.length === 0) continue
        const unmarked = own.filter((intent) => !intent.unanswered)
        if (unmarked.length > 0) {
          yield* markUnanswered(session, entity, binding, unmarked)
          // from now on they have a time until which they may still arrive
          own = (yield* store.openIntents(MOST_INTENTS)).filter(here)
        }
        // a system that is down is asked in a later pass
        yield* recoverBinding(session, entity, binding, own).pipe(Effect.catchTag("RemoteFault", () => Effect.void))
      }
    }
    const left = yield* store.openIntents(MOST_INTENTS)
    const waits = left.map((intent) => intent.settlesAt).filter((at) => at > session.engine.now())
    return { resolved: intents.length - left.length, waitUntil: waits.length === 0 ? null : Math.min(...waits) }
  })

const recoverBinding = (
  session: Session,
  entity: Entity,
  binding: Binding,
  intents: readonly Intent[],
): Effect.Effect<void, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const { now } = session.engine
    const create = binding.spec.write.create
    const replayable = (intent: Intent): boolean =>
      intent.kind === "create" && create?.idempotent === "header" && now() - intent.openedAt < (create.keyTtlMs ?? Number.POSITIVE_INFINITY)
    const replays = intents.filter(replayable)
    const again = session.planned === null ? replays : yield* rehearseReplays(session, entity, binding, replays)
    const size = create?.max ?? 1
    for (let at = 0; at < again.length; at += size) {
      yield* pushIntents(session, entity, binding, again.slice(at, at + size))
      // a replayed answer is as old as the first try: the items are read again
      yield* step(
        session,
        entity,
        session.engine.store.loadRecords([...new Set(again.slice(at, at + size).map((intent) => intent.recordId))]),
        (draft) => {
          for (const intent of again.slice(at, at + size)) {
            const link = draft.link(intent.linkId)
            if (link !== undefined && link.remoteId !== null && draft.intent(link.id) === undefined)
              draft.putLink({ ...link, rereadAt: draft.context.now })
          }
        },
      )
    }
    // a lookup shows what was so before the declared lag: until then it says nothing about this write
    const mute = binding.spec.read.lagMs.byId > 0
    const others = intents.filter((intent) => !replayable(intent) && !(mute && now() < intent.settlesAt))
    yield* byId(
      session,
      entity,
      binding,
      others.filter((intent) => intent.kind !== "create"),
    )
    yield* byKey(
      session,
      entity,
      binding,
      others.filter((intent) => intent.kind === "create"),
    )
  })

const joined = <E>(own: Effect.Effect<Loaded, E>, others: Effect.Effect<Loaded, E>): Effect.Effect<Loaded, E> =>
  Effect.zipWith(own, others, (a, b) => joinLoaded(a, b))

const lookUp = (
  session: Session,
  binding: Binding,
  by: string,
  values: readonly string[],
): Effect.Effect<readonly LookupAnswer[], StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const max = binding.spec.read.lookup?.max ?? values.length
    const answers: LookupAnswer[] = []
    for (let at = 0; at < values.length; at += max) {
      const batch = values.slice(at, at + max)
      answers.push(
        ...(yield* callRemote(
          remoteOf(session, binding.system),
          (connector, signal) => connector.lookup?.(binding.resource, by, batch, { signal }) ?? Promise.resolve([]),
        )),
      )
    }
    return answers
  })

const FEW_LINKS = 20

/** Nothing was found: whether the same is said of items that have nothing to do with it, as in an outage, where there are any. */
const emptiness = (
  session: Session,
  entity: Entity,
  binding: Binding,
  intents: readonly Intent[],
): Effect.Effect<Proof, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    // for these alone it matters
    if (!intents.some((intent) => intent.undoes !== undefined || intent.kind === "delete")) return "proven"
    const known = yield* session.engine.store.unsighted(binding.key, entity.name, Number.MAX_SAFE_INTEGER, "", FEW_LINKS)
    const others = known.filter(
      (link) => link.state === "live" && link.blocked === null && !intents.some((intent) => intent.linkId === link.id),
    )
    if (others.length === 0) return "unprovable"
    const answers = yield* lookUp(
      session,
      binding,
      "id",
      others.map((link) => link.remoteId ?? ""),
    )
    const found = answers.flatMap((answer) => ("found" in answer ? [answer.found] : []))
    // what is shown along the way may be news, and is not known of once it is written over
    yield* step(
      session,
      entity,
      session.engine.store.loadPage({ entity: entity.name, binding: binding.key, ...touches(binding, entity, found) }),
      (draft) => integratePage(draft, binding, found, { confirmed: false }),
    )
    return found.some(({ kind }) => kind === "upsert") ? "proven" : "doubtful"
  })

/** Updates and deletes: the item itself tells. */
const byId = (
  session: Session,
  entity: Entity,
  binding: Binding,
  intents: readonly Intent[],
): Effect.Effect<void, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    if (intents.length === 0) return
    const by = binding.spec.read.lookup?.by ?? []
    const useSecondary = by.includes("secondary")
    // an answer tells what was so when it was asked for, however long it took
    const askedAt = session.engine.now()
    const groups = [
      { by: "secondary", of: intents.filter((intent) => useSecondary && intent.secondaryId !== null) },
      { by: "id", of: intents.filter((intent) => !(useSecondary && intent.secondaryId !== null)) },
    ]
    for (const group of groups) {
      if (group.of.length === 0) continue
      const answers = by.includes(group.by)
        ? yield* lookUp(
            session,
            binding,
            group.by,
            group.of.map((intent) => (group.by === "secondary" ? intent.secondaryId : intent.remoteId) ?? ""),
          )
        : []
      const changes = answers.flatMap((answer) => ("found" in answer ? [answer.found] : []))
      // an item may have changed its id, and another may be known by the one it has now
      const load = joined(
        session.engine.store.loadRecords([...new Set(group.of.map((intent) => intent.recordId))]),
        session.engine.store.loadPage({
          entity: entity.name,
          binding: binding.key,
          ...touches(binding, entity, changes),
        }),
      )
      const proof = changes.length > 0 ? "proven" : yield* emptiness(session, entity, binding, group.of)
      yield* step(session, entity, load, (draft) => {
        group.of.forEach((intent, index) => judgeById(session, draft, binding, intent, answers[index], { proof, askedAt }))
      })
      // nothing is found there at all, as in an outage: what a delete came to only another one tells. No plan names it
      if (proof === "proven" || session.planned !== null || session.only !== null) continue
      const deletes = group.of.filter(({ kind, settlesAt }) => kind === "delete" && askedAt >= settlesAt)
      if (deletes.length === 0) continue
      const open = new Set((yield* session.engine.store.openIntents(MOST_INTENTS)).map(({ id }) => id))
      const again = deletes.filter(({ id }) => open.has(id))
      const max = binding.spec.write.delete?.max ?? 1
      for (let at = 0; at < again.length; at += max) yield* pushIntents(session, entity, binding, again.slice(at, at + max))
    }
  })

/** Creates at a system without idempotency keys: the unique keys that were sent tell, or a person does. */
const byKey = (
  session: Session,
  entity: Entity,
  binding: Binding,
  intents: readonly Intent[],
): Effect.Effect<void, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    if (intents.length === 0) return
    const key = binding.spec.keys.find(
      (candidate) => candidate.unique && candidate.paths.length === 1 && binding.spec.read.lookup?.by.includes(candidate.name) === true,
    )
    const path = key?.paths[0]
    const asked =
      key === undefined || path === undefined ? [] : intents.filter((intent) => typeof valueAt(intent.set, segmentsOf(path)) === "string")
    const askedAt = session.engine.now()
    const answers =
      key === undefined || path === undefined
        ? []
        : yield* lookUp(
            session,
            binding,
            key.name,
            asked.map((intent) => String(valueAt(intent.set, segmentsOf(path)))),
          )
    const found = answers.flatMap((answer) => ("found" in answer ? [answer.found] : []))
    const { store } = session.engine
    const load = joined(
      store.loadRecords([...new Set(intents.map((intent) => intent.recordId))]),
      store.loadPage({ entity: entity.name, binding: binding.key, ...touches(binding, entity, found) }),
    )
    yield* step(session, entity, load, (draft) => {
      for (const intent of intents) {
        const index = asked.indexOf(intent)
        judgeByKey(session, draft, binding, intent, index < 0 ? undefined : answers[index], askedAt)
      }
    })
  })
