// Delivers what is owed to one system: due links become durable intents, intents are pushed, outcomes settled.
import * as Effect from "effect/Effect"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import { joinLoaded } from "../model/loaded.ts"
import type { Draft } from "../integrate/draft.ts"
import { bindingsOf, remoteOf, type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { keysInQuarantine, mayBeBack, mayBeThere, withWaiting } from "./may-be-there.ts"
import { plannedOf } from "./planned.ts"
import { prepare } from "./prepare.ts"
import { pushIntents } from "./push.ts"
import { meetsDelete, withDeletes } from "./same-address.ts"
import { withoutNews } from "./withdraw.ts"
import { isUpsert } from "../integrate/claims.ts"
import { keysAtStake, wouldOverwrite } from "./upsert-clash.ts"

/** Intents made durable in one transaction: a disk flush per push batch would be the slowest part of a first sync. */
const OPEN_AT_ONCE = 500

/** One round over a system's bindings; answers how many writes took effect. */
export const deliverSystem = (session: Session, system: string, round: number): Effect.Effect<number, StoreError | StaleLease> =>
  Effect.gen(function* () {
    let written = 0
    for (const [entity, binding] of bindingsOf(session, system)) written += yield* deliverBinding(session, entity, binding, round)
    return written
  })

const deliverBinding = (
  session: Session,
  entity: Entity,
  binding: Binding,
  round: number,
): Effect.Effect<number, StoreError | StaleLease> =>
  Effect.gen(function* () {
    const { store, progress } = session.engine
    const sizes = Object.values(binding.spec.write).map((write) => write.max)
    if (sizes.length === 0) return 0
    const size = Math.max(OPEN_AT_ONCE, ...sizes)
    const counts = yield* store.dueCounts(session.dueBefore)
    const total = counts
      .filter((due) => due.binding === binding.key && due.entity === entity.name)
      .reduce((sum, due) => sum + due.create + due.update + due.delete, 0)
    let written = 0
    while (remoteOf(session, binding.system).down === null) {
      const intents = yield* openIntents(session, entity, binding, size)
      if (intents === null) break
      for (const kind of ["create", "update", "delete"] as const) {
        const own = intents.filter((intent) => intent.kind === kind)
        const max = binding.spec.write[kind]?.max ?? 1
        for (let at = 0; at < own.length; at += max) {
          const due = yield* withoutNews(session, entity, own.slice(at, at + max))
          if (due.length > 0) written += yield* pushIntents(session, entity, binding, due)
          progress?.({
            stage: "deliver",
            system: binding.system,
            binding: binding.key,
            written,
            total: Math.max(total, written),
            done: false,
          })
        }
      }
    }
    if (written > 0 || (round === 0 && total > 0))
      progress?.({ stage: "deliver", system: binding.system, binding: binding.key, written, total: written, done: true })
    return written
  })

const turnOf = (link: Link): number => (link.owes === "delete" ? 2 : link.remoteId === null ? 1 : 0)

/** Takes the next due links and opens their intents; null when nothing (new) is due. */
const openIntents = (
  session: Session,
  entity: Entity,
  binding: Binding,
  size: number,
): Effect.Effect<readonly Intent[] | null, StoreError | StaleLease> => {
  const { store } = session.engine
  let ids: readonly string[] = []
  // links that were tried in this pass may come first: enough are asked for to see past them
  const load = store.due(binding.key, entity.name, session.dueBefore, size + session.tried.size + session.written.size).pipe(
    Effect.map(({ due, loaded }) => {
      const waiting = due.filter((link) => !session.tried.has(link.id) && !session.written.has(link.id))
      // updates first: a create may need the address that one of them gives up, and an upsert would overwrite its owner;
      // deletes last: until then a create may take their items over
      const turn = Math.min(...waiting.map(turnOf))
      ids = waiting
        .filter((link) => turnOf(link) === turn)
        .slice(0, size)
        .map((link) => link.id)
      return loaded
    }),
    Effect.flatMap((loaded) => {
      const depends = loaded.links.some((link) => ids.includes(link.id) && (turnOf(link) === 1 || link.owes !== null))
      return depends ? withWaiting(store, entity, binding, loaded) : Effect.succeed(loaded)
    }),
    Effect.flatMap((loaded) => withDeletes(store, entity, binding, loaded)),
    Effect.flatMap((loaded) => {
      if (!isUpsert(binding)) return Effect.succeed(loaded)
      // whoever else claims the addresses that are about to be sent
      const creates = new Set(loaded.links.filter((link) => ids.includes(link.id) && link.remoteId === null).map((link) => link.recordId))
      const keys = loaded.claims.filter((claim) => creates.has(claim.recordId))
      if (keys.length === 0) return Effect.succeed(loaded)
      const page = { entity: entity.name, binding: binding.key, remoteIds: [], secondaryIds: [], keys: keysAtStake(binding, keys) }
      return store.loadPage(page).pipe(Effect.map((others) => joinLoaded(loaded, others)))
    }),
  )
  return step(session, entity, load, (draft) => {
    const intents: Intent[] = []
    const inQuarantine = keysInQuarantine(draft, binding)
    for (const id of ids) {
      const link = draft.link(id)
      if (link === undefined) continue
      const makes = link.remoteId === null && link.owes === null
      const clash = makes ? wouldOverwrite(draft, binding, link) : "no"
      const waits = (makes && mayBeThere(draft, link, inQuarantine)) || (link.owes === null && meetsDelete(draft, binding, link))
      if (clash === "wait" || waits || mayBeBack(draft, link)) session.tried.add(id)
      if (clash !== "no" || session.tried.has(id)) continue
      const intent = begun(session, draft, binding, link)
      if (intent === null) session.tried.add(id)
      else {
        intents.push(intent)
        if (session.planned !== null) session.planned.push(plannedOf(draft, binding, intent))
      }
    }
    return ids.length === 0 ? null : intents
  })
}

/** Opens what is to be sent; nothing where nothing is left to say, or where a plan is being carried out that does not name it. */
function begun(session: Session, draft: Draft, binding: Binding, link: Link): Intent | null {
  const epoch = { epoch: session.lease.epoch, run: session.run }
  const { only } = session
  if (only === null) return prepare(draft, binding, link, epoch)
  let intent: Intent | null = null
  draft.attempt(() => {
    intent = prepare(draft, binding, link, epoch)
    if (intent === null || only.take(intent)) return true
    session.warnings.add(`${binding.key}: a write came up that the plan does not name; it is left for the next run`)
    intent = null
    return false
  })
  return intent
}
