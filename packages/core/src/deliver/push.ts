// Sends open intents and settles their outcomes: (1) intents are durable, (2) the call, (3) one transaction of outcomes.
import * as Effect from "effect/Effect"
import type { Fault, LookupAnswer, Op, Outcome } from "@syncline/connector"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import { cutReason } from "../model/admissible.ts"
import { isHollow } from "../integrate/hollow.ts"
import { overlay } from "../model/path.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { joinLoaded } from "../model/loaded.ts"
import type { Loaded } from "../store/port.ts"
import { callRemote } from "../session/remote.ts"
import { countersOf, keepLease, LEASE_TTL_MS, remoteOf, scanKey, type Session, step, withheldIn } from "../session/session.ts"
import { leaveOpen } from "./leave-open.ts"
import { settle } from "./settle.ts"
import type { Settled } from "./settled.ts"

export const opOf = (intent: Intent): Op => ({
  ref: intent.id,
  kind: intent.kind,
  id: intent.remoteId,
  set: intent.set,
  seen: intent.seen,
  idempotencyKey: intent.idempotencyKey,
  ...(intent.secondaryId === null ? {} : { secondary: intent.secondaryId }),
  ...(intent.version === null ? {} : { version: intent.version }),
})

interface Answered {
  readonly outcome: Outcome
  /** The item is the answer to the write itself, not a later read. */
  readonly atomic: boolean
  /** It was applied and is gone already: the ordinary way of judging that is to look again. */
  readonly vanished?: boolean
}

/** Pushes intents of one kind and binding; every one of them is settled or left open when this returns. */
export const pushIntents = (
  session: Session,
  entity: Entity,
  binding: Binding,
  intents: readonly Intent[],
): Effect.Effect<number, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const remote = remoteOf(session, binding.system)
    // whoever was stopped for long, or has waited, may have lost his place to another: nothing is sent without it
    const answers = yield* callRemote(
      remote,
      (connector, signal) => connector.push(binding.resource, intents.map(opOf), { signal }),
      keepLease(session),
    ).pipe(
      Effect.map((outcomes) => matched(intents, outcomes)),
      Effect.catchTag("RemoteFault", ({ fault }) =>
        Effect.succeed(
          intents.length > 1 && blamesAnItem(fault)
            ? null
            : intents.map((intent): Answered => ({ outcome: failed(intent, fault), atomic: true })),
        ),
      ),
    )
    if (answers === null) {
      // one bad item must not hold up the rest: each goes alone, and the bad one is found
      let applied = 0
      for (const intent of intents) applied += yield* pushIntents(session, entity, binding, [intent])
      return applied
    }
    const complete = yield* readBack(session, binding, intents, answers)
    return yield* settleAll(session, entity, binding, intents, complete)
  })

/** A refusal of the whole batch that is about the content of some of it. */
const blamesAnItem = (fault: Fault): boolean => ["invalid", "duplicate", "conflict", "notFound", "gone"].includes(fault.class)

const failed = (intent: Intent, fault: Fault): Outcome => ({ ref: intent.id, status: "failed", fault })

/** Exactly one outcome per intent; one without an answer may have happened. */
function matched(intents: readonly Intent[], outcomes: readonly Outcome[]): readonly Answered[] {
  const byRef = new Map(outcomes.map((outcome) => [outcome.ref, outcome]))
  return intents.map((intent) => ({
    outcome: byRef.get(intent.id) ?? {
      ref: intent.id,
      status: "unknown",
      fault: { class: "unknown", message: "the answer does not mention this write" },
    },
    atomic: true,
  }))
}

/** A process that waits longer for what it wrote to show could lose its lease meanwhile. */
const LONGEST_LAG_MS = 20_000

/** A system that returns nothing is read back; what cannot be read is not known. */
const readBack = (
  session: Session,
  binding: Binding,
  intents: readonly Intent[],
  answers: readonly Answered[],
): Effect.Effect<readonly Answered[], StoreError | StaleLease> =>
  Effect.gen(function* () {
    const bare = answers.filter(
      ({ outcome }, index) => outcome.status === "applied" && outcome.item === undefined && intents[index]?.kind !== "delete",
    )
    const cut = answers.filter(({ outcome }, index) => saysNothing(session, binding, intents[index], outcome))
    if (bare.length === 0 && cut.length === 0) return answers
    const items = new Map<string, Outcome>()
    const vanished = new Set(cut.map(({ outcome }) => outcome.ref))
    const { now } = session.engine
    const max = binding.spec.read.lookup?.max ?? 0
    const { byId: lagMs } = binding.spec.read.lagMs
    // read any earlier, the item might still look as it did before this write
    if (max > 0 && lagMs > 0) yield* Effect.sleep(Math.min(lagMs, LONGEST_LAG_MS))
    for (let at = 0; max > 0 && at < bare.length; at += max) {
      const batch = bare.slice(at, at + max)
      const ids = batch.map(({ outcome }) => (outcome.status === "applied" ? outcome.id : ""))
      const found = yield* callRemote(
        remoteOf(session, binding.system),
        (connector, signal) => connector.lookup?.(binding.resource, "id", ids, { signal }) ?? Promise.resolve([]),
      ).pipe(Effect.catchTag("RemoteFault", () => Effect.succeed([])))
      batch.forEach(({ outcome }, index) => {
        const answer = found[index]
        const intent = intents.find((candidate) => candidate.id === outcome.ref)
        if (answer !== undefined && intent !== undefined && isGone(binding, intent, answer, now())) vanished.add(outcome.ref)
        if (answer !== undefined && "found" in answer && answer.found.kind === "upsert") {
          const { kind: _, ...facts } = answer.found
          if (saysNothing(session, binding, intent, { ref: outcome.ref, status: "applied", ...facts })) vanished.add(outcome.ref)
          else items.set(outcome.ref, { ref: outcome.ref, status: "applied", ...facts, ...metOf(outcome) })
        }
      })
    }
    return answers.map((answer) => {
      if (!bare.includes(answer) && !cut.includes(answer)) return answer
      const outcome = items.get(answer.outcome.ref)
      if (outcome !== undefined) return { outcome, atomic: false }
      const intent = intents.find((candidate) => candidate.id === answer.outcome.ref)
      // nothing will ever be read back, or nothing that can be taken: what was sent stands for it until its end is judged
      if (intent !== undefined && answer.outcome.status === "applied" && vanished.has(intent.id))
        return { outcome: { ...answer.outcome, item: overlay(intent.seen ?? {}, intent.set) }, atomic: true, vanished: true }
      return {
        outcome: {
          ref: answer.outcome.ref,
          status: "unknown",
          fault: { class: "unknown", message: "it was applied, but could not be read back" },
        },
        atomic: false,
      }
    })
  })

/** Only the answer to the write itself can tell. */
const metOf = (outcome: Outcome): { readonly met?: boolean } =>
  outcome.status === "applied" && outcome.met !== undefined ? { met: outcome.met } : {}

/** The item in the answer cannot be taken, or holds nothing of what it must hold now. */
function saysNothing(session: Session, binding: Binding, intent: Intent | undefined, outcome: Outcome): boolean {
  if (outcome.status !== "applied" || outcome.item === undefined || intent === undefined || intent.kind === "delete") return false
  if (cutReason(outcome.item) !== undefined) return true
  const entity = session.engine.pipeline.entities.find((candidate) => candidate.name === intent.entity)
  if (entity === undefined) return false
  return isHollow(entity, binding, overlay(intent.seen ?? {}, intent.set), outcome.item, withheldIn(session, entity, binding.key))
}

/** A fresh create may not show yet; one that was sent before and still does not show was removed by somebody. */
const isGone = (binding: Binding, intent: Intent, answer: LookupAnswer, now: number): boolean => {
  if ("found" in answer) return answer.found.kind === "delete"
  if (answer.fault.class === "gone") return true
  return answer.fault.class === "notFound" && intent.unanswered && now >= intent.openedAt + binding.spec.read.lagMs.byId
}

export const settleAll = (
  session: Session,
  entity: Entity,
  binding: Binding,
  intents: readonly Intent[],
  answers: readonly Answered[],
): Effect.Effect<number, StoreError | StaleLease> => {
  const { engine } = session
  const counters = countersOf(session, binding.system)
  const count = (settled: Settled, intent: Intent): void => {
    if (settled === "postponed" || settled === "refused" || settled === "open") session.tried.add(intent.linkId)
    if (settled === "trimmed") counters.refused++
    else if (settled === "open") counters.postponed++
    else counters[settled]++
  }
  const settledElsewhere: string[] = []
  const settling = step(session, entity, loadFor(session, entity, binding, intents, answers), (draft) => {
    let applied = 0
    let added = 0
    intents.forEach((intent, index) => {
      const answer = answers[index]
      if (answer === undefined) return
      if (draft.intent(intent.linkId)?.id !== intent.id) return void settledElsewhere.push(intent.id)
      const systemDown = answer.outcome.status === "failed" && remoteOf(session, binding.system).down !== null
      const settled = settle(draft, binding, intent, answer.outcome, answer.atomic, {
        retryDelaysMs: systemDown ? [0] : engine.pipeline.retryDelaysMs,
        random: engine.random,
      })
      count(settled, intent)
      const link = draft.link(intent.linkId)
      // `seen` holds only what was returned, and nothing was
      if (answer.vanished === true && link !== undefined) draft.putLink({ ...link, seen: intent.seen, rereadAt: engine.now() })
      if (settled === "created") added++
      if (settled === "deleted" && binding.spec.write.delete?.soft !== true) added--
      if (settled === "created" || settled === "updated" || settled === "deleted") {
        applied++
        session.written.add(intent.linkId)
      }
    })
    const scan = session.scans.get(scanKey(entity.name, binding.key))
    // our own writes move the total that hints at vanished items
    if (scan !== undefined && scan.total !== null && added !== 0) draft.putScan({ ...scan, total: scan.total + added })
    return applied
  })
  return Effect.tap(settling, () => (settledElsewhere.length === 0 ? Effect.void : standDown(session, settledElsewhere)))
}

/** Only whoever took the place of a process that was stopped can have settled what it sent: it does nothing more. */
const standDown = (session: Session, ids: readonly string[]): Effect.Effect<void, StoreError | StaleLease> =>
  session.engine.store
    .renew(session.lease, session.engine.now(), LEASE_TTL_MS)
    .pipe(Effect.andThen(Effect.die(new Error(`${ids.join(", ")} was settled by nobody who holds the lease`))))

/** The records of the intents, and whoever is known under the ids that came back. */
const loadFor = (
  session: Session,
  entity: Entity,
  binding: Binding,
  intents: readonly Intent[],
  answers: readonly Answered[],
): Effect.Effect<Loaded, StoreError> =>
  Effect.gen(function* () {
    const { store } = session.engine
    const own = yield* store.loadRecords([...new Set(intents.map((intent) => intent.recordId))])
    const others = answers.flatMap(({ outcome }, index) => {
      if (outcome.status === "failed") return outcome.fault.existingId === undefined ? [] : [outcome.fault.existingId]
      // an id that was another item's before: of a create, or of an address that changed
      return outcome.status === "applied" && outcome.id !== intents[index]?.remoteId ? [outcome.id] : []
    })
    const secondaryIds = answers.flatMap(({ outcome }, index) => {
      const named = outcome.status === "applied" ? outcome.secondary : undefined
      // another item's: it may have been written over
      return named === undefined || (others.length === 0 && named === intents[index]?.secondaryId) ? [] : [named]
    })
    if (others.length === 0 && secondaryIds.length === 0) return own
    // whose key it is that was found taken, or written over
    const keys = intents.flatMap((intent) => intent.keys)
    return joinLoaded(own, yield* store.loadPage({ entity: entity.name, binding: binding.key, remoteIds: others, secondaryIds, keys }))
  })

/** Marks intents of an earlier process as unanswered: whether they took effect is to be found out. */
export const markUnanswered = (
  session: Session,
  entity: Entity,
  binding: Binding,
  intents: readonly Intent[],
): Effect.Effect<void, StoreError | StaleLease> =>
  step(session, entity, session.engine.store.loadRecords([...new Set(intents.map((intent) => intent.recordId))]), (draft) => {
    for (const intent of intents) {
      const link = draft.link(intent.linkId)
      if (link === undefined) draft.closeIntent(intent)
      else leaveOpen(draft, binding, link, intent, { class: "unknown", message: "the process ended before the answer came" })
    }
  })
