// The text of a key -> its bytes. A key that is not what it should be is a fault that names the trouble, never the key.
import { FaultError } from "../fault.ts"
import type { KeyEncoding } from "./auth.ts"

const SPELLING = { hex: /^(?:[\da-f]{2})+$/i, base64: /^[\w+/-]+={0,2}$/ } as const

export const keyBytes = (key: string, encoding: KeyEncoding): Buffer => {
  if (key === "") throw badKey("it is empty")
  if (encoding === "utf8" || encoding === "pem") return Buffer.from(key)
  const trimmed = key.trim()
  if (!SPELLING[encoding].test(trimmed)) throw badKey(`it is not written as ${encoding}`)
  // `base64` reads the spelling with - and _ as well.
  return Buffer.from(trimmed, encoding)
}

export const badKey = (why: string): FaultError => new FaultError({ class: "auth", message: `The signing key cannot be used: ${why}.` })
