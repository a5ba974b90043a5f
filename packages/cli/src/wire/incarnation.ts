// Notices that an older file, or another one, was put in the place of a store. Beside the store a small file keeps which
// store it was and how often it had been written to; a store that has been written to less often is an older one.
// In: a store and its path. Out: the same store, which marks itself when it is first taken for writing.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { isObject, type Json } from "@syncline/connector"
import { markOf, RESTORED, type Lease, type Store, type StoreError } from "@syncline/core/store"
import { randomIds } from "./ids.ts"

const IDENTITY = "store/identity"
export const latestPath = (path: string): string => `${path}.latest`

interface Latest {
  readonly store: string
  readonly epoch: number
}

function readLatest(path: string): Latest | null {
  try {
    const known: Json = JSON.parse(readFileSync(latestPath(path), "utf8"))
    if (!isObject(known)) return null
    const { store, epoch } = known
    return typeof store === "string" && typeof epoch === "number" ? { store, epoch } : null
  } catch {
    // never written, or lost: then nothing is noticed
    return null
  }
}

function writeLatest(path: string, latest: Latest): void {
  const part = `${latestPath(path)}.part-${process.pid}`
  try {
    writeFileSync(part, `${JSON.stringify(latest)}\n`, { mode: 0o600 })
    renameSync(part, latestPath(path))
  } catch {
    // a folder that cannot be written costs no more than the noticing
    rmSync(part, { force: true })
  }
}

const identityOf = (store: Store): Effect.Effect<string | null, StoreError> =>
  Effect.map(store.systemState(IDENTITY), (state) => (typeof state === "string" ? state : null))

/** `fresh`: it was never written to, so that nothing can be older. */
const isOlder = (latest: Latest | null, identity: string | null, epoch: number): boolean =>
  latest !== null && identity !== null && (latest.store !== identity || latest.epoch > epoch)

/** Marks an older store as one, unless it is known already how it came there. `lease.epoch` was one less before it was taken. */
const markOlder = (store: Store, path: string, identity: string | null, lease: Lease, now: number) =>
  Effect.gen(function* () {
    if (!isOlder(readLatest(path), identity, lease.epoch - 1) || (yield* store.systemState(RESTORED)) !== null) return
    yield* store.putSystemState(lease, RESTORED, markOf({ at: now, how: "replaced" }))
  })

export function noticing(store: Store, path: string): Store {
  const settle = (lease: Lease, now: number) =>
    Effect.gen(function* () {
      const known = yield* identityOf(store)
      const identity = known ?? randomIds.next("store")
      if (known === null) yield* store.putSystemState(lease, IDENTITY, identity)
      yield* markOlder(store, path, known, lease, now)
      writeLatest(path, { store: identity, epoch: lease.epoch })
      return lease
    }).pipe(Effect.catchTag("StaleLease", () => Effect.succeed(lease)))
  return {
    ...store,
    acquire: (owner, now, ttlMs) => Effect.flatMap(store.acquire(owner, now, ttlMs), (lease) => settle(lease, now)),
  }
}

/** For planning: the private copy on which a pass is rehearsed gets the mark that the store itself would get. */
export function foreseeing(store: Store, path: string, now: () => number): Store {
  return {
    ...store,
    fork: () =>
      Effect.gen(function* () {
        const copy = yield* store.fork()
        // the epoch of a store can be seen by taking the copy
        const lease = yield* copy.acquire("a look", now(), 1_000).pipe(Effect.catchTag("LeaseHeld", (error) => Effect.die(error)))
        const identity = yield* identityOf(copy)
        yield* markOlder(copy, path, identity, lease, now()).pipe(Effect.catchTag("StaleLease", (error) => Effect.die(error)))
        yield* copy.release(lease)
        return copy
      }),
  }
}
