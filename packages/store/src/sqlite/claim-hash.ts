// The number that stands for a claim's key and value in the index of claims: 48 bits of SHA-256.
// A reader compares key and value as well, so a collision between records costs a comparison; one inside a record, which
// would lose a claim, has odds of 1 in 2^48 for two claims.
import { hash } from "node:crypto"

export const claimHash = (key: number, value: string): number => Number.parseInt(hash("sha256", `${key} ${value}`, "hex").slice(0, 12), 16)
