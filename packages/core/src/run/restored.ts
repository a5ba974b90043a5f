// The first pass on a store that is older than the systems: all is read in full before anything is carried on or written.
// The mark goes only when that is done, so a pass that could not reach a system leaves it to the next one.
import * as Effect from "effect/Effect"
import { confirmCreates } from "../pull/after-restore.ts"
import { rereadDue } from "../pull/reread-due.ts"
import { bindingsOf, scanKey, type Session } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { RESTORED, sayRestored } from "../store/restored.ts"

type Done<A> = Effect.Effect<A, StoreError | StaleLease>

const waiting = (session: Session): boolean => {
  const whole = (system: string): boolean =>
    bindingsOf(session, system).every(([entity, binding]) => session.readInFull.has(scanKey(entity.name, binding.key)))
  const down = [...session.remotes.values()]
    .filter((remote) => remote.down !== null || !whole(remote.system))
    .map((remote) => remote.system)
  const behind = [...session.remotes.keys()].filter((system) => !down.includes(system) && mayBeBehind(session, system))
  if (down.length === 0 && behind.length === 0) return false
  const missing = [...down, ...behind.map((system) => `${system}, which may not list yet what was made last`)]
  session.warnings.add(
    `${session.restored === null ? "" : sayRestored(session.restored)}: nothing is written until all systems have been read in full; not yet: ${missing.join("; ")}`,
  )
  return true
}

/** What was made shortly before the restore may not be listed yet, and nothing in the old store says that it was made. */
const mayBeBehind = (session: Session, system: string): boolean =>
  bindingsOf(session, system).some(
    ([, binding]) => session.restored !== null && session.startedAt < session.restored.at + binding.spec.read.lagMs.delta,
  )

/** Whether all was read. Then what the old store had under way goes on: answers of people, and writes without an answer. */
export const verifiedAfterRestore = (session: Session, carryOn: Done<unknown>): Done<boolean> =>
  Effect.gen(function* () {
    if (waiting(session)) return false
    yield* carryOn
    yield* rereadDue(session)
    return !waiting(session)
  })

/** Creates that the old store owes may have been made since. */
export const confirmAfterRestore = (session: Session): Done<boolean> =>
  Effect.gen(function* () {
    const asked = yield* confirmCreates(session)
    return asked && !waiting(session)
  })

export const trustRestored = (session: Session): Done<void> =>
  Effect.gen(function* () {
    if (session.restored === null) return
    // a restore keeps the list; a file that is put in place by hand brings everybody back
    const again =
      session.restored.how === "replaced" ? "; whoever was forgotten after that file was made is in it again: forget them again" : ""
    session.warnings.add(`${sayRestored(session.restored)}: every system was read in full before anything was written${again}`)
    yield* session.engine.store.putSystemState(session.lease, RESTORED, null)
  })
