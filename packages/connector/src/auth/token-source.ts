// OAuth2 access tokens: fetched when needed, kept until shortly before they expire, and fetched once however many calls
// are waiting. What rotates is durable before it is used. Leaves a token, or a fault: `auth` if the credentials are
// refused, `transient` for a network.
import { FaultError } from "../fault.ts"
import { isObject, type Json } from "../json.ts"
import type { Grant, TokenRequest } from "./grant.ts"
import { openMemoryKeeper, type KeptToken, type TokenKeeper } from "./token-keeper.ts"

export interface TokenAnswer {
  readonly status: number
  readonly body: Json
}

export interface TokenSourceParts {
  /** Host of the token endpoint, for messages. */
  readonly host: string
  readonly now: () => number
  /** The system's own time as far as it is known, for what is signed. */
  readonly systemNow: () => number
  /** One POST of a form; throws a FaultError if there was no answer. */
  readonly post: (form: TokenRequest["form"], headers: TokenRequest["headers"]) => Promise<TokenAnswer>
  /** Told of each new token before it is used, so that it can be redacted. */
  readonly learn: (secret: string) => void
  readonly keeper: TokenKeeper | undefined
}

export interface TokenSource {
  token(): Promise<string>
  /** The system refused this token; one that was fetched since is kept. */
  drop(token: string): void
}

interface Current {
  readonly token: string
  /** Epoch ms. */
  readonly until: number
}

/** A token is renewed this long before its end, or a tenth of its life if that is less. */
const EARLY_MS = 30_000

export function openTokenSource(grant: Grant, parts: TokenSourceParts): TokenSource {
  const { now, learn } = parts
  const keeper = parts.keeper ?? openMemoryKeeper()
  let current: Current | null = null
  let refused: string | null = null
  let underway: Promise<string> | null = null
  let unsaved: KeptToken | null = null

  const keep = async (): Promise<void> => {
    if (unsaved === null) return
    try {
      await keeper.save(unsaved)
      unsaved = null
    } catch (error) {
      const message = "The renewed access could not be kept on disk, so it is not used yet."
      throw new FaultError({ class: "transient", message }, { cause: error })
    }
  }

  const ask = async (kept: KeptToken | null): Promise<Issued> => {
    const askedAt = now()
    const { form, headers } = await grant.request(kept, parts.systemNow())
    const issued = readToken(await parts.post(form, headers), parts.host, grant)
    learn(issued.token)
    if (issued.refreshToken !== undefined) learn(issued.refreshToken)
    return { ...issued, until: askedAt + issued.lifeMs - Math.min(EARLY_MS, issued.lifeMs / 10) }
  }

  const renewKept = (origin: string): Promise<Current> =>
    keeper.exclusively(async () => {
      await keep()
      const loaded = await keeper.load()
      const kept = loaded?.origin === origin ? loaded : null
      if (kept !== null) {
        learn(kept.accessToken)
        learn(kept.refreshToken)
        const until = kept.renewAt ?? Number.POSITIVE_INFINITY
        // An earlier process, or another one meanwhile, has renewed it already.
        if (kept.accessToken !== refused && now() < until) return { token: kept.accessToken, until }
      }
      const { token, until, refreshToken = kept?.refreshToken ?? grant.refreshToken } = await ask(kept)
      if (refreshToken !== undefined) {
        const renewAt = Number.isFinite(until) ? until : null
        // Before anything else: without it nobody gets in again, and the token before it may be void by now.
        unsaved = { origin, refreshToken, accessToken: token, renewAt }
        await keep()
      }
      return { token, until }
    })

  const renew = async (): Promise<string> => {
    current = grant.origin === undefined ? await ask(null) : await renewKept(grant.origin)
    return current.token
  }

  return {
    async token() {
      if (current !== null && now() < current.until) return current.token
      underway ??= renew().finally(() => (underway = null))
      return underway
    },
    drop(token) {
      if (token === "") return
      refused = token
      if (current?.token === token) current = null
    },
  }
}

interface Read {
  readonly token: string
  readonly lifeMs: number
  readonly refreshToken?: string
}
interface Issued extends Read {
  readonly until: number
}

const isToken = (value: unknown): value is string => typeof value === "string" && /^[\x21-\x7e]+$/.test(value)

const readToken = ({ status, body }: TokenAnswer, host: string, grant: Grant): Read => {
  const said = isObject(body) ? body : {}
  if (status === 429) throw new FaultError({ class: "rateLimited", message: `${host} refuses to issue more tokens for now.`, status })
  if (status >= 500) throw new FaultError({ class: "transient", message: `${host} could not issue a token (${status}).`, status })
  if (status >= 400) {
    const code = typeof said["error"] === "string" && /^[\w.-]{1,60}$/.test(said["error"]) ? ` (${said["error"]})` : ""
    throw new FaultError({ class: "auth", message: `${host} refuses ${grant.what}${code}: check ${grant.check}.`, status })
  }
  const token = said["access_token"]
  const type = said["token_type"]
  if (status >= 300 || !isToken(token))
    throw new FaultError({
      class: "transient",
      message: `${host} answered a token request with something that is no token (${status}).`,
      status,
    })
  if (typeof type === "string" && type.toLowerCase() !== "bearer")
    throw new FaultError({ class: "auth", message: `${host} issues tokens of a kind that is not supported, not bearer tokens.`, status })
  const seconds = Number(said["expires_in"])
  const refreshToken = said["refresh_token"]
  return {
    token,
    // Without a lifetime the token is used until the system refuses it.
    lifeMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : Number.POSITIVE_INFINITY,
    ...(isToken(refreshToken) ? { refreshToken } : {}),
  }
}
