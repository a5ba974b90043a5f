// New ids: 80 random bits in an alphabet without look-alikes, so that they can be read out and typed.
import { randomFillSync } from "node:crypto"
import type { IdSource } from "@syncline/core"

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
const LENGTH = 16

/** Drawn in advance: one call a page costs less than one an id. */
const pool = new Uint8Array(LENGTH * 256)
let used = pool.length

export const randomIds: IdSource = {
  next: (prefix) => {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    let id = ""
    for (const byte of pool.subarray(used, (used += LENGTH))) id += ALPHABET[byte & 31]
    return `${prefix}_${id}`
  },
}
