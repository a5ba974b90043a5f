// What the store answers about some records: all that a step may need to know of them, in one value.
import type { Intent } from "./intent.ts"
import type { Link } from "./link.ts"
import type { Quarantined } from "./quarantine.ts"
import type { Claim, RecordRow } from "./record.ts"
import type { Review } from "./review.ts"

/** Everything that is known about some records: complete for each of them, in no particular order. */
export interface Loaded {
  readonly records: readonly RecordRow[]
  /** Every link of these records, in every binding and state. */
  readonly links: readonly Link[]
  /** Every claimant of the keys asked for, and every claim of these records. */
  readonly claims: readonly Claim[]
  /** Open intents of these links. */
  readonly intents: readonly Intent[]
  /** Open reviews of these records, and those about the remote ids asked for. */
  readonly reviews: readonly Review[]
  /** Entries about these links, and about the remote ids asked for. */
  readonly quarantine: readonly Quarantined[]
  /** Of the keys asked for, those of people who were forgotten, each with the id of its keyed hash. */
  readonly forgotten?: readonly Forgotten[]
}

export interface Forgotten {
  readonly id: string
  readonly key: string
  readonly value: string
}

const join = <T>(a: readonly T[], b: readonly T[], key: (row: T) => string): readonly T[] => [
  ...new Map([...a, ...b].map((row) => [key(row), row])).values(),
]
const byId = (row: { readonly id: string }): string => row.id
const byClaim = (claim: Claim): string => JSON.stringify([claim.key, claim.value, claim.recordId])

/** Two answers as one: a row that is in both counts once. */
export const joinLoaded = (a: Loaded, b: Loaded): Loaded => ({
  forgotten: join(a.forgotten ?? [], b.forgotten ?? [], (row) => JSON.stringify([row.key, row.value])),
  records: join(a.records, b.records, byId),
  links: join(a.links, b.links, byId),
  claims: join(a.claims, b.claims, byClaim),
  intents: join(a.intents, b.intents, byId),
  reviews: join(a.reviews, b.reviews, byId),
  quarantine: join(a.quarantine, b.quarantine, byId),
})
