// Where a store stands while it is tested: a directory of its own per test, closed and removed afterwards.
import type { Lease, Store, StoreError } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach } from "vitest"

export type OpenStore = (dir: string) => Effect.Effect<Store, StoreError>

/** A store with a lease, and the directory that it keeps. */
export interface Standing {
  readonly store: Store
  readonly lease: Lease
  readonly dir: string
}

export interface Stand {
  readonly dir: () => Promise<string>
  readonly open: (dir: string) => Promise<Store>
  readonly fresh: () => Promise<Standing>
}

export const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> => Effect.runPromise(effect)
/** The error an effect fails with; it must fail. */
export const failure = <A, E>(effect: Effect.Effect<A, E>): Promise<E> => Effect.runPromise(Effect.flip(effect))
/** Whether an effect ends as a defect: a broken invariant, not an expected error. */
export const dies = <A, E>(effect: Effect.Effect<A, E>): Promise<boolean> =>
  Effect.runPromise(Effect.catchDefect(Effect.as(Effect.ignore(effect), false), () => Effect.succeed(true)))

/** To be called once inside a `describe`: it cleans up after each test. */
export function stand(open: OpenStore): Stand {
  const stores: Store[] = []
  const dirs: string[] = []
  afterEach(async () => {
    for (const store of stores.splice(0)) await run(store.close())
    for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true })
  })
  const openIn = async (dir: string): Promise<Store> => {
    const store = await run(open(dir))
    stores.push(store)
    return store
  }
  const newDir = async (): Promise<string> => {
    const dir = await mkdtemp(join(tmpdir(), "syncline-store-"))
    dirs.push(dir)
    return dir
  }
  return {
    dir: newDir,
    open: openIn,
    fresh: async () => {
      const dir = await newDir()
      const store = await openIn(dir)
      return { store, lease: await run(store.acquire("me", 0, 1_000_000)), dir }
    },
  }
}
