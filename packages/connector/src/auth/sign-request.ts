// HMAC request signing: a request as it will go out -> the headers that prove who sent it. Pure, apart from the nonce.
import { createHmac, randomUUID } from "node:crypto"
import type { RequestSigning } from "./auth.ts"
import { keyBytes } from "./signing-key.ts"

export interface SignableRequest {
  readonly method: string
  readonly url: URL
  readonly body: string | Uint8Array | null
}

export function signRequest(signing: RequestSigning, { method, url, body }: SignableRequest, now: number): Record<string, string> {
  const bytes = typeof body === "string" || body === null ? null : Buffer.from(body)
  const facts = {
    method,
    url: url.href,
    path: url.pathname + url.search,
    // A text of bytes, one character each, where the body is no text.
    body: typeof body === "string" ? body : (bytes?.toString("latin1") ?? ""),
    timestamp: Math.floor(now / 1000),
    timestampMs: now,
    nonce: randomUUID(),
  }
  const message = Buffer.from(signing.message(facts), bytes === null ? "utf8" : "latin1")
  const signature = createHmac(signing.algorithm, keyBytes(signing.key, signing.keyEncoding)).update(message).digest(signing.encoding)
  return Object.fromEntries(Object.entries(signing.headers(facts, signature)).map(([name, value]) => [name.toLowerCase(), value]))
}
