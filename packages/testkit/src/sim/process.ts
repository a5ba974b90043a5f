// The process that runs the engine: it may end at any point, and then nothing more comes from it. What was committed stays.
import * as Effect from "effect/Effect"
import type { Op } from "@syncline/connector"
import { type Changes, type Erasure, type Lease, type Store, StoreError } from "@syncline/core"
import type { Fate } from "./host.ts"
import { PassAccount, type Shown } from "./oracle/pass-account.ts"
import type { SimSystem } from "./system.ts"
import type { Caller } from "./caller.ts"

export interface Surroundings {
  now: () => number
  onDeath: (what: string) => void
  onStop: (what: string) => void
  sending: (system: SimSystem, ops: readonly Op[], lease: Lease | null) => void
  violate: (invariant: string, what: string) => void
}

/** No pass of a small world needs nearly as many calls and commits: it would never end. */
const MOST_POINTS = 20_000

export class Process implements Caller {
  readonly account = new PassAccount()
  dead = false
  points = 0
  lease: Lease | null = null
  wasStopped = false
  private rehearsal: PassAccount | null = null
  private asleep: Promise<void> | null = null
  private rouse: () => void = () => undefined
  private readonly fate: Fate
  private readonly surroundings: Surroundings

  constructor(fate: Fate, surroundings: Surroundings) {
    this.fate = fate
    this.surroundings = surroundings
  }

  /** A point at which it may end; true: it is dead. */
  point(what: string): boolean {
    if (this.dead) return true
    this.points++
    if (this.points > MOST_POINTS) {
      this.surroundings.violate("I8", "a pass writes on and on, and does not end")
      this.dead = true
      this.surroundings.onDeath(what)
      return true
    }
    const { crashAt, stop } = this.fate
    if (this.points === stop?.at) {
      this.wasStopped = true
      this.asleep = new Promise((resolve) => {
        this.rouse = resolve
      })
      this.surroundings.onStop(what)
    }
    if (this.points !== crashAt) return false
    this.dead = true
    this.surroundings.onDeath(what)
    return true
  }
  /** Set while it is stopped: nothing that it does goes on before that. */
  sleep(): Promise<void> | null {
    return this.asleep
  }
  wake(): void {
    this.asleep = null
    this.rouse()
  }
  rehearses(): boolean {
    return this.rehearsal !== null
  }
  sending(system: SimSystem, ops: readonly Op[]): void {
    this.surroundings.sending(system, ops, this.lease)
  }
  page(system: SimSystem, shown: Shown, changes: number): void {
    // what a rehearsal reads is in no report, and no cursor builds on it
    if (this.rehearsal === null) this.account.page(system, shown, changes)
  }
  /** It works on a private copy of the store, which is an account of its own, until it gives the copy back. */
  rehearse(): void {
    this.rehearsal = new PassAccount()
    this.rehearsal.heed(this.account)
  }
  endRehearsal(): void {
    const rude = this.rehearsal?.tooManyRetries() ?? null
    if (rude !== null) this.surroundings.violate("I18", rude)
    if (this.rehearsal !== null) this.account.heed(this.rehearsal)
    this.rehearsal = null
  }
  calling(system: SimSystem, name: string): void {
    const rude = this.present().calling(system.name, name, this.surroundings.now())
    if (rude !== null) this.surroundings.violate("I18", rude)
  }
  answered(system: SimSystem, name: string): void {
    this.present().answered(system.name, name)
  }
  refused(system: SimSystem, name: string, notBefore: number | null): void {
    this.present().refused(system.name, name, notBefore)
  }
  private present(): PassAccount {
    return this.rehearsal ?? this.account
  }
}

export interface StoreWatch {
  /** Whether somebody else has the file locked just now. */
  isBusy: () => boolean
  committed: (changes: Changes, lease: Lease) => void
  erased: (erasure: Erasure) => Promise<void>
}

/** The store as one process sees it. A dead process reaches nothing any more, and what it holds stays held. */
export function storeOf(store: Store, process: Process, watch: StoreWatch): Store {
  const alive = <A, E>(work: () => Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      const asleep = process.sleep()
      if (asleep !== null)
        return Effect.andThen(
          Effect.promise(() => asleep),
          alive(work),
        )
      return process.dead ? Effect.die(new Error("the process is dead")) : work()
    })
  /** Nothing is done where it is locked: the next one to ask finds it free. */
  const unlessBusy = <A, E>(work: () => Effect.Effect<A, E>): Effect.Effect<A, E | StoreError> =>
    alive((): Effect.Effect<A, E | StoreError> =>
      watch.isBusy() ? Effect.fail(new StoreError({ reason: "locked", message: "database is locked" })) : work(),
    )
  const proxy = new Proxy(store, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver)
      if (typeof value !== "function") return value
      // every operation of the port takes arguments and gives an effect
      return (...args: unknown[]) => unlessBusy(() => value.apply(target, args) as Effect.Effect<unknown, unknown>)
    },
  })
  return Object.assign(Object.create(proxy) as Store, {
    acquire: (owner: string, now: number, ttlMs: number) =>
      unlessBusy(() => store.acquire(owner, now, ttlMs)).pipe(
        Effect.tap((lease) =>
          Effect.sync(() => {
            process.lease = lease
          }),
        ),
      ),
    fork: () =>
      alive(() => store.fork()).pipe(
        Effect.map((copy) => {
          process.rehearse()
          const ended = Effect.sync(() => process.endRehearsal())
          const close = (): Effect.Effect<void, StoreError> => Effect.ensuring(copy.close(), ended)
          return Object.assign(Object.create(copy) as Store, { close })
        }),
      ),
    release: (lease: Lease) => Effect.suspend(() => (process.dead ? Effect.void : store.release(lease))),
    forget: (lease: Lease, erasure: Erasure) =>
      alive(() => {
        if (process.point("before it erases")) return Effect.never
        return alive(() => store.forget(lease, erasure)).pipe(
          Effect.tap(() => Effect.promise(() => watch.erased(erasure))),
          Effect.tap(() => Effect.suspend(() => (process.point("after it erased") ? Effect.never : alive(() => Effect.void)))),
        )
      }),
    commit: (lease: Lease, changes: Changes) =>
      alive(() => {
        if (process.point("before a commit")) return Effect.never
        return unlessBusy(() => store.commit(lease, changes)).pipe(
          Effect.tap(() =>
            Effect.suspend(() => {
              watch.committed(changes, lease)
              return process.point("after a commit") ? Effect.never : alive(() => Effect.void)
            }),
          ),
        )
      }),
  } satisfies Partial<Store>)
}
