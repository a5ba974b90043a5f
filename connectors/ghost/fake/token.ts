// The token of an integration: a JWT of the admin key's making, for this audience, good for five minutes at most.
import { createHmac, timingSafeEqual } from "node:crypto"
import type { FakeAnswer, FakeRequest } from "@syncline/testkit/fake"
import { problem } from "./problem.ts"

const MAX_LIFE_S = 300

interface Token {
  readonly header: { readonly alg?: string; readonly kid?: string }
  readonly claims: { readonly aud?: string; readonly iat?: number; readonly exp?: number }
  readonly signed: string
  readonly signature: Buffer
}

function read(text: string): Token | null {
  const [header = "", claims = "", signature = ""] = text.split(".")
  try {
    return {
      header: JSON.parse(Buffer.from(header, "base64url").toString()),
      claims: JSON.parse(Buffer.from(claims, "base64url").toString()),
      signed: `${header}.${claims}`,
      signature: Buffer.from(signature, "base64url"),
    }
  } catch {
    return null
  }
}

const refuse = (message: string): FakeAnswer => problem(401, "UnauthorizedError", message)

/** `key`: `id:secret` in hex. */
export function gate(key: string, nowMs: () => number): (request: FakeRequest) => FakeAnswer | undefined {
  const [id = "", secret = ""] = key.split(":")
  return ({ headers }) => {
    const [scheme, text = ""] = (headers.authorization ?? "").split(" ")
    if (scheme !== "Ghost") return problem(403, "NoPermissionError", "Authorization failed")
    const token = read(text)
    if (token === null || token.header.alg !== "HS256") return refuse("Invalid token")
    if (token.header.kid !== id) return refuse("Unknown Admin API Key")
    const right = createHmac("sha256", Buffer.from(secret, "hex")).update(token.signed).digest()
    if (right.length !== token.signature.length || !timingSafeEqual(right, token.signature))
      return refuse("Invalid token: invalid signature")
    const { aud, iat = 0, exp = 0 } = token.claims
    const now = nowMs() / 1000
    if (aud !== "/admin/") return refuse("Invalid token: jwt audience invalid")
    if (exp <= now || exp - iat > MAX_LIFE_S || now - iat > MAX_LIFE_S) return refuse("Invalid token: jwt expired")
    return undefined
  }
}
