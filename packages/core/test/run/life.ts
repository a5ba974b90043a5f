// Random lives of a few people in two or three systems, with everything that can go wrong on the way.
import * as fc from "fast-check"
import type { Fate } from "../fake-system/fake-connector.ts"
import type { Traits } from "../fake-system/traits.ts"

export type Step =
  | { readonly do: "create"; readonly system: number; readonly person: number }
  | { readonly do: "edit"; readonly system: number; readonly person: number; readonly field: number }
  | { readonly do: "remove"; readonly system: number; readonly person: number }
  | { readonly do: "rename"; readonly system: number; readonly person: number; readonly to: number }
  | { readonly do: "wait"; readonly ms: number }
  | {
      readonly do: "pass"
      readonly fates: readonly Fate[]
      readonly outage: number
      readonly dies: number | null
      readonly race: Race | null
    }

/** An edit by a user while our write is on its way. */
export interface Race {
  readonly when: "before" | "after"
  readonly system: number
  readonly person: number
  readonly field: number
}

export const FIELDS = ["name", "phone", "note"] as const
export const PEOPLE = 3

const traits: fc.Arbitrary<Partial<Traits>> = fc
  .record({
    version: fc.constantFrom("revision", "timestamp", "etag", "none"),
    perField: fc.boolean(),
    guard: fc.constantFrom("ifMatch", "none"),
    idempotent: fc.constantFrom("header", "naturalKey", "none"),
    returnsItem: fc.boolean(),
    unique: fc.boolean(),
    keyLookup: fc.boolean(),
    overlap: fc.constantFrom(0, 4),
    pageSize: fc.constantFrom(1, 200),
    max: fc.constantFrom(1, 50),
    deletes: fc.constantFrom("tombstone", "absence"),
    id: fc.constantFrom("stable", "derived"),
    secondary: fc.constant(true),
    delta: fc.boolean(),
    horizonMs: fc.constantFrom(0, 0, 600_000),
  })
  // an upsert by address needs addresses that are unique, and so does an id made from one
  .map((own) => (own.idempotent === "naturalKey" || own.id === "derived" ? { ...own, unique: true } : own))
  // only a change feed has tombstones
  .map((own) => (own.delta ? own : { ...own, deletes: "absence" as const }))

const fate: fc.Arbitrary<Fate> = fc.constantFrom("answered", "answered", "answered", "answered", "lost", "dropped", "late")
const system = fc.nat(2)
const person = fc.nat(PEOPLE - 1)
const field = fc.nat(FIELDS.length - 1)

const edit: fc.Arbitrary<Step> = fc.record({ do: fc.constant("edit" as const), system, person, field })
const pass: fc.Arbitrary<Extract<Step, { do: "pass" }>> = fc.record({
  do: fc.constant("pass" as const),
  fates: fc.array(fate, { maxLength: 4 }),
  outage: fc.constantFrom(0, 0, 0, 1, 2),
  dies: fc.option(fc.nat(8), { freq: 2 }),
  race: fc.option(fc.record({ when: fc.constantFrom("before", "after"), system, person, field })),
})

export interface Weights {
  readonly remove?: number
  readonly rename?: number
}

const steps = ({ remove = 0, rename = 0 }: Weights): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 2, arbitrary: fc.record({ do: fc.constant("create" as const), system, person }) },
      { weight: 5, arbitrary: edit },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(1, 400, 5_000) }) },
      { weight: 4, arbitrary: pass },
      { weight: remove, arbitrary: fc.record({ do: fc.constant("remove" as const), system, person }) },
      { weight: rename, arbitrary: fc.record({ do: fc.constant("rename" as const), system, person, to: fc.nat(PEOPLE + 1) }) },
    ),
    { minLength: 3, maxLength: 25 },
  )

export interface Life {
  readonly systems: readonly Partial<Traits>[]
  readonly steps: readonly Step[]
}
export const life = (weights: Weights = {}): fc.Arbitrary<Life> =>
  fc.record({ systems: fc.array(traits, { minLength: 2, maxLength: 3 }), steps: steps(weights) })
