// The API key, in any of the three places where callers put it: basic password, bearer token, own header.
import { createHash, timingSafeEqual } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"

const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

const presented = (headers: IncomingHttpHeaders): string | undefined => {
  const own = headers["x-api-key"]
  if (typeof own === "string") return own
  const [scheme, value] = (headers.authorization ?? "").split(" ", 2)
  if (value === undefined) return undefined
  if (scheme?.toLowerCase() === "bearer") return value
  if (scheme?.toLowerCase() !== "basic") return undefined
  const pair = Buffer.from(value, "base64").toString("utf8")
  return pair.includes(":") ? pair.slice(pair.indexOf(":") + 1) : undefined
}

export const hasKey = (headers: IncomingHttpHeaders, apiKey: string): boolean => {
  const key = presented(headers)
  return key !== undefined && timingSafeEqual(digest(key), digest(apiKey))
}
