// Small words of HTTP that most fakes need.
import type { FakeRequest } from "./exchange.ts"

/** The token of `Authorization: Bearer …`. */
export const bearerOf = (request: FakeRequest): string | undefined =>
  /^bearer\s+(?<token>\S+)$/i.exec(request.headers.authorization ?? "")?.groups?.["token"]

/** Name and password of `Authorization: Basic …`. */
export const basicOf = (request: FakeRequest): { readonly username: string; readonly password: string } | undefined => {
  const encoded = /^basic\s+(?<pair>\S+)$/i.exec(request.headers.authorization ?? "")?.groups?.["pair"]
  if (encoded === undefined) return undefined
  const pair = Buffer.from(encoded, "base64").toString("utf8")
  const colon = pair.indexOf(":")
  return colon < 0 ? undefined : { username: pair.slice(0, colon), password: pair.slice(colon + 1) }
}

/** Whole seconds, rounded up, as `Retry-After` wants them. */
export const secondsOf = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1000)))
