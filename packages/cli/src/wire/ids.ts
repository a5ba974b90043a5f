// New ids: 80 random bits in an alphabet without look-alikes, so that they can be read out and typed.
import { randomBytes } from "node:crypto"
import type { IdSource } from "@syncline/core"

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
const LENGTH = 16

export const randomIds: IdSource = {
  next: (prefix) => {
    let id = ""
    for (const byte of randomBytes(LENGTH)) id += ALPHABET[byte & 31]
    return `${prefix}_${id}`
  },
}
