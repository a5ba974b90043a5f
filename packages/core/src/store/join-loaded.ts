// Two answers of the store as one: a row that is in both counts once.
import type { Claim } from "../model/record.ts"
import type { Loaded } from "./port.ts"

const join = <T>(a: readonly T[], b: readonly T[], key: (row: T) => string): readonly T[] => [
  ...new Map([...a, ...b].map((row) => [key(row), row])).values(),
]
const byId = (row: { readonly id: string }): string => row.id
const byClaim = (claim: Claim): string => JSON.stringify([claim.key, claim.value, claim.recordId])

export const joinLoaded = (a: Loaded, b: Loaded): Loaded => ({
  records: join(a.records, b.records, byId),
  links: join(a.links, b.links, byId),
  claims: join(a.claims, b.claims, byClaim),
  intents: join(a.intents, b.intents, byId),
  reviews: join(a.reviews, b.reviews, byId),
  quarantine: join(a.quarantine, b.quarantine, byId),
})
