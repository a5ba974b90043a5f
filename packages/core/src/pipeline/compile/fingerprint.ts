// A short, stable hash of a meaning written as canonical text. Tells changed from unchanged; it protects nothing.
// Algorithm: cyrb53 (public domain, bryc), twice with different seeds, 106 bits.
import { canonicalText, type Json } from "../../model/value.ts"

export const fingerprint = (meaning: Json): string => {
  const text = canonicalText(meaning)
  return half(text, 0x5f3759df) + half(text, 0x9e3779b9)
}

function half(text: string, seed: number): string {
  let h1 = 0xdeadbeef ^ seed
  let h2 = 0x41c6ce57 ^ seed
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    h1 = Math.imul(h1 ^ code, 2654435761)
    h2 = Math.imul(h2 ^ code, 1597334677)
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909)
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909)
  return (4294967296 * (2097151 & h2) + (h1 >>> 0)).toString(16).padStart(14, "0")
}
