// OAuth2 client-credentials tokens: fetched when needed, kept until shortly before they expire, and fetched once
// however many calls are waiting. Leaves a token, or a fault: `auth` if the credentials are refused, `transient` for a network.
import { FaultError } from "../fault.ts"
import { isObject, type Json } from "../json.ts"
import type { Secret } from "./redactor.ts"

export interface TokenAnswer {
  readonly status: number
  readonly body: Json
}

export interface TokenSourceParts {
  /** Host of the token endpoint, for messages. */
  readonly host: string
  readonly now: () => number
  /** One POST of a form; throws a FaultError if there was no answer. */
  readonly post: (form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>>) => Promise<TokenAnswer>
  /** Told of each new token before it is used, so that it can be redacted. */
  readonly learn: (secret: string) => void
}

export interface ClientCredentials {
  readonly clientId: string
  readonly clientSecret: Secret
  readonly scope?: string
  readonly clientAuth: "basic" | "body"
}

export interface TokenSource {
  token(): Promise<string>
  /** The system refused this token; one that was fetched since is kept. */
  drop(token: string): void
}

/** A token is renewed this long before its end, or a tenth of its life if that is less. */
const EARLY_MS = 30_000

export function openTokenSource(credentials: ClientCredentials, parts: TokenSourceParts): TokenSource {
  let current: { readonly token: string; readonly until: number } | null = null
  let underway: Promise<string> | null = null

  const fetchToken = async (): Promise<string> => {
    const askedAt = parts.now()
    const answer = await parts.post(...tokenRequest(credentials))
    const { token, lifeMs } = readToken(answer, parts.host)
    parts.learn(token)
    current = { token, until: askedAt + lifeMs - Math.min(EARLY_MS, lifeMs / 10) }
    return token
  }

  return {
    async token() {
      if (current !== null && parts.now() < current.until) return current.token
      underway ??= fetchToken().finally(() => (underway = null))
      return underway
    },
    drop(token) {
      if (current?.token === token) current = null
    },
  }
}

const tokenRequest = (credentials: ClientCredentials): [Record<string, string>, Record<string, string>] => {
  const { clientId, clientSecret, scope, clientAuth } = credentials
  const form = { grant_type: "client_credentials", ...(scope === undefined ? {} : { scope }) }
  if (clientAuth === "body") return [{ ...form, client_id: clientId, client_secret: clientSecret.reveal() }, {}]
  // RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
  const pair = [clientId, clientSecret.reveal()].map((part) => new URLSearchParams([["", part]]).toString().slice(1)).join(":")
  return [form, { authorization: `Basic ${Buffer.from(pair).toString("base64")}` }]
}

const readToken = ({ status, body }: TokenAnswer, host: string): { token: string; lifeMs: number } => {
  const said = isObject(body) ? body : {}
  if (status === 429) throw new FaultError({ class: "rateLimited", message: `${host} refuses to issue more tokens for now.`, status })
  if (status >= 500) throw new FaultError({ class: "transient", message: `${host} could not issue a token (${status}).`, status })
  if (status >= 400) {
    const code = typeof said["error"] === "string" && /^[\w.-]{1,60}$/.test(said["error"]) ? ` (${said["error"]})` : ""
    throw new FaultError({
      class: "auth",
      message: `${host} refuses the client credentials${code}: check client id, client secret and scope.`,
      status,
    })
  }
  const token = said["access_token"]
  const type = said["token_type"]
  if (status >= 300 || typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token))
    throw new FaultError({
      class: "transient",
      message: `${host} answered a token request with something that is no token (${status}).`,
      status,
    })
  if (typeof type === "string" && type.toLowerCase() !== "bearer")
    throw new FaultError({ class: "auth", message: `${host} issues tokens of a kind that is not supported, not bearer tokens.`, status })
  const seconds = Number(said["expires_in"])
  // Without a lifetime the token is used until the system refuses it.
  return { token, lifeMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : Number.POSITIVE_INFINITY }
}
