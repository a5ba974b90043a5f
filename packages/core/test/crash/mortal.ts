// A process that dies at a chosen point: a write to the store, or a call to a system, before or after it took effect. From
// then on it does nothing more, and what it leaves behind is what was durable; its lease stays taken until it runs out.
import * as Effect from "effect/Effect"
import type { Connector } from "@syncline/connector"
import type { Engine } from "../../src/run/index.ts"
import type { Store } from "../../src/store/index.ts"
import type { World } from "../fake-system/world.ts"

/** `lost tail`: after it, and the last transaction before it never reached the disk. */
export type When = "before" | "after" | "lost tail"

export interface Death {
  /** Counted from 1. */
  readonly at: number
  readonly when: When
  /** Of a lost tail: the point of the last transaction before the end. */
  readonly tail?: number
}

export interface Life {
  readonly engine: Engine
  /** Every point that was reached, in order. */
  readonly points: readonly string[]
  /** What is left on the disk: the world's store, or a copy that lacks the last transaction. */
  readonly left: () => Store
  /** Also where the end came so late that nobody noticed. */
  readonly died: () => boolean
}

class Died extends Error {
  constructor() {
    super("the process dies here")
  }
}

const WRITES = ["acquire", "renew", "release", "commit", "forget", "allowAgain", "putSystemState", "putRun", "decide"] as const
type WriteName = (typeof WRITES)[number]
const isWrite = (name: string): name is WriteName => (WRITES as readonly string[]).includes(name)

export function live(world: World, death: Death | null): Life {
  const points: string[] = []
  const base = world.store
  let left = base
  let dead = false
  const die = (): never => {
    dead = true
    throw new Died()
  }
  const reach = (name: string): When | null => {
    if (dead) die()
    points.push(name)
    return death !== null && points.length === death.at ? death.when : null
  }
  /** A copy of what was durable before the transaction that will be lost. */
  const keep = (): Effect.Effect<void> =>
    death?.tail !== points.length
      ? Effect.void
      : base.fork().pipe(
          Effect.orDie,
          Effect.map((copy) => {
            left = copy
          }),
        )

  const written = <A, E>(name: string, act: () => Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      const when = reach(name)
      if (when === "before") die()
      const done = keep().pipe(Effect.andThen(act()))
      return when === null ? done : done.pipe(Effect.andThen(Effect.sync(die)))
    })
  const read = <A, E>(act: () => Effect.Effect<A, E>): Effect.Effect<A, E> => Effect.suspend(() => (dead ? die() : act()))

  // one wrapper for the whole port: whatever is added to it later counts as a read until it is listed above
  const store = new Proxy(base, {
    get: (target, name: string & keyof Store) => {
      const method = Reflect.get(target, name) as (...args: unknown[]) => Effect.Effect<unknown, unknown>
      return (...args: unknown[]) =>
        isWrite(name) ? written(name, () => method.apply(target, args)) : read(() => method.apply(target, args))
    },
  })
  const call = async <A>(name: string, act: () => Promise<A>): Promise<A> => {
    const when = reach(name)
    if (when === "before") die()
    const answer = await act()
    if (dead) die()
    return when === null ? answer : die()
  }
  const mortal = (system: string, connector: Connector): Connector => {
    const { pull, push, lookup } = connector
    return {
      ...connector,
      pull: (...args) => call(`pull ${system}`, () => pull(...args)),
      ...(push === undefined ? {} : { push: (...args: Parameters<typeof push>) => call(`push ${system}`, () => push(...args)) }),
      ...(lookup === undefined ? {} : { lookup: (...args: Parameters<typeof lookup>) => call(`lookup ${system}`, () => lookup(...args)) }),
    }
  }
  const connectors = new Map([...world.engine.connectors].map(([system, connector]) => [system, mortal(system, connector)]))
  return { engine: { ...world.engine, store, connectors }, points, left: () => left, died: () => dead }
}
