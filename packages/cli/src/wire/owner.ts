// Who holds the lease: this machine and process, by name. A process of this machine that is no more (killed, or the machine
// went down) cannot give its lease back, so the next one does it in its name. Fencing by epoch holds all the same.
import { hostname } from "node:os"
import * as Effect from "effect/Effect"
import type { Store } from "@syncline/core"

const nameOf = (pid: number | string): string => `${hostname()}, process ${pid}`

export const thisProcess = nameOf(process.pid)

/** Holds, for good, the lease of a store file whose place another has taken. */
export const REPLACED = "a restore that replaced this file"

/** Another machine's process, or one that runs: not dead as far as anybody here can tell. */
export function isDead(owner: string): boolean {
  const pid = /, process (\d+)$/.exec(owner)?.[1]
  if (pid === undefined || owner !== nameOf(pid) || Number(pid) === process.pid) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    // EPERM: it runs, as somebody else's
    return error instanceof Error && "code" in error && error.code === "ESRCH"
  }
}

export const inheriting = (store: Store): Store => ({
  ...store,
  acquire: (owner, now, ttlMs) =>
    store
      .acquire(owner, now, ttlMs)
      .pipe(
        Effect.catchTag("LeaseHeld", (held) =>
          isDead(held.owner)
            ? Effect.flatMap(store.release({ owner: held.owner, epoch: held.epoch }), () => store.acquire(owner, now, ttlMs))
            : Effect.fail(held),
        ),
      ),
})
