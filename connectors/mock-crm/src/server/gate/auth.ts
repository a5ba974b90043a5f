// OAuth 2 client credentials (RFC 6749, 4.4) with short-lived bearer tokens, and one static token for simple clients.
import { randomBytes } from "node:crypto"
import type { Clock } from "../clock.ts"
import { Problem } from "../protocol/problem.ts"

export interface AuthSettings {
  readonly clientId: string
  readonly clientSecret: string
  readonly staticToken: string | null
  readonly ttlMs: number
}

export interface Auth {
  /** A new token for the client of a token request, from its Basic header or its form. */
  grant(authorization: string | undefined, form: Readonly<Record<string, unknown>>): { readonly token: string; readonly expiresInS: number }
  /** Throws unless the header carries a token that is good. */
  verify(authorization: string | undefined): void
  revokeAll(): void
}

/** RFC 6749 names its errors in `error`; they travel inside the problem. */
const oauthProblem = (status: number, error: string, description: string): Problem =>
  new Problem(
    status,
    status === 401 ? "unauthorized" : "bad-request",
    description,
    { error, error_description: description },
    { "cache-control": "no-store", ...(status === 401 ? { "www-authenticate": 'Basic realm="mock-crm"' } : {}) },
  )

export const bearerProblem = (detail: string, error?: string): Problem =>
  new Problem(401, "unauthorized", detail, {}, { "www-authenticate": `Bearer realm="mock-crm"${error ? `, error="${error}"` : ""}` })

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll("+", " "))
  } catch {
    return text
  }
}

const basicOf = (authorization: string): readonly [string, string] | null => {
  const found = /^basic ([a-z0-9+/=]+)$/i.exec(authorization)
  const [id, ...secret] = Buffer.from(found?.[1] ?? "", "base64")
    .toString()
    .split(":")
  return id === undefined || secret.length === 0 ? null : [decode(id), decode(secret.join(":"))]
}

export const makeAuth = (settings: AuthSettings, clock: Clock): Auth => {
  const expiries = new Map<string, number>()
  const sweep = (): void => {
    for (const [token, until] of expiries) if (until <= clock.now()) expiries.delete(token)
  }
  return {
    grant: (authorization, form) => {
      const pair = authorization === undefined ? [form["client_id"], form["client_secret"]] : basicOf(authorization)
      if (!pair || pair[0] !== settings.clientId || pair[1] !== settings.clientSecret)
        throw oauthProblem(401, "invalid_client", "The client id or secret is wrong")
      if (form["grant_type"] !== "client_credentials")
        throw oauthProblem(400, "unsupported_grant_type", "grant_type must be client_credentials")
      sweep()
      const token = `mct_${randomBytes(24).toString("base64url")}`
      expiries.set(token, clock.now() + settings.ttlMs)
      return { token, expiresInS: Math.max(1, Math.floor(settings.ttlMs / 1000)) }
    },
    verify: (authorization) => {
      if (authorization === undefined) throw bearerProblem("A bearer token is needed")
      const token = /^bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1]
      if (token === undefined) throw bearerProblem("The Authorization header must carry a bearer token", "invalid_request")
      if (settings.staticToken !== null && token === settings.staticToken) return
      const until = expiries.get(token)
      if (until === undefined) throw bearerProblem("The token is not known", "invalid_token")
      if (until <= clock.now()) throw bearerProblem("The token has expired", "invalid_token")
    },
    revokeAll: () => expiries.clear(),
  }
}
