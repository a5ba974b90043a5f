// Opaque page tokens. A token belongs to the query it came from: used with another filter it is refused, not misread.
import { createHash } from "node:crypto"
import { Problem } from "./problem.ts"

const fingerprint = (query: string): string => createHash("sha256").update(query).digest("base64url").slice(0, 8)

export const makePageToken = (after: number, query: string): string => Buffer.from(`${after}.${fingerprint(query)}`).toString("base64url")

export const readPageToken = (token: string, query: string): number => {
  const found = /^(\d{1,15})\.([\w-]{8})$/.exec(Buffer.from(token, "base64url").toString())
  if (!found || found[2] !== fingerprint(query)) throw new Problem(400, "bad-request", "page_token does not belong to this query")
  return Number(found[1])
}
