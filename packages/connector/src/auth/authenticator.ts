// Auth as data -> what each request carries to prove itself. Knows which texts have to be redacted.
import type { Auth } from "./auth.ts"
import { basicPair, openGrant, type OAuth } from "./grant.ts"
import { signRequest, type SignableRequest } from "./sign-request.ts"
import { openTokenSigner, type SignedToken } from "./signed-token.ts"
import { openTokenSource, type TokenSourceParts } from "./token-source.ts"

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
}

export interface Authenticator {
  credentials(request: SignableRequest): Promise<Credentials>
  /** A request with these was answered 401. `true`: new ones can be had, so one more try makes sense. */
  refused(credentials: Credentials): boolean
}

export function openAuthenticator(auth: Auth, parts: TokenSourceParts): Authenticator {
  switch (auth.type) {
    case "none":
      return fixed({ headers: {} })
    case "bearer":
      return fixed({ headers: { authorization: `Bearer ${auth.token}` } })
    case "basic":
      return fixed({ headers: { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}` } })
    case "apiKey":
      return fixed({ headers: { [auth.header.toLowerCase()]: `${auth.prefix ?? ""}${auth.key}` } })
    case "apiKeyQuery":
      return fixed({ headers: {}, query: { [auth.parameter]: auth.key } })
    case "jwt":
      return signedToken(auth, parts)
    case "hmac":
      return {
        credentials: async (request) => ({ headers: signRequest(auth, request, Math.round(parts.systemNow())) }),
        // The answer has told the system's time: a signature that was dated wrongly is dated right now.
        refused: () => true,
      }
    default:
      return accessToken(auth, parts)
  }
}

const fixed = (credentials: Credentials): Authenticator => ({
  credentials: () => Promise.resolve(credentials),
  refused: () => false,
})

const accessToken = (auth: OAuth, parts: TokenSourceParts): Authenticator => {
  const source = openTokenSource(openGrant(auth), parts)
  return {
    credentials: async () => ({ headers: { authorization: `Bearer ${await source.token()}` } }),
    refused({ headers }) {
      source.drop((headers["authorization"] ?? "").slice("Bearer ".length))
      return true
    },
  }
}

/** A signed token is made anew when it has less than this of its life left. */
const LEAST_LIFE_LEFT = 0.2

const signedToken = (auth: Extract<Auth, { type: "jwt" }>, parts: TokenSourceParts): Authenticator => {
  const sign = openTokenSigner(auth)
  const header = auth.header.toLowerCase()
  let current: (SignedToken & { readonly renewAt: number }) | null = null
  return {
    async credentials() {
      const now = parts.systemNow()
      if (current === null || now >= current.renewAt) {
        const made = await sign(now)
        parts.learn(made.token)
        current = { ...made, renewAt: made.until - (made.until - now) * LEAST_LIFE_LEFT }
      }
      return { headers: { [header]: `${auth.prefix}${current.token}` } }
    },
    refused({ headers }) {
      if (current !== null && headers[header] === `${auth.prefix}${current.token}`) current = null
      return true
    },
  }
}

/** Everything in `auth` that must never be shown. */
export const secretsOf = (auth: Auth): string[] => {
  switch (auth.type) {
    case "none":
      return []
    case "bearer":
      return [auth.token]
    case "basic":
      return [auth.password, Buffer.from(`${auth.username}:${auth.password}`).toString("base64")]
    case "apiKey":
    case "apiKeyQuery":
      return [auth.key]
    case "jwt":
    case "oauth2JwtBearer":
    case "hmac":
      return [auth.key, ...auth.key.split(/\r?\n|\\n/).filter((line) => line.length >= SHORTEST_KEY_LINE && !line.startsWith("-----"))]
    case "oauth2ClientCredentials":
      return [auth.clientSecret, basicPair(auth.clientId, auth.clientSecret)]
    case "oauth2Refresh":
      return [auth.refreshToken, ...clientSecrets(auth)]
    case "oauth2AuthorizationCode":
      return [auth.code, ...(auth.codeVerifier === undefined ? [] : [auth.codeVerifier]), ...clientSecrets(auth)]
  }
}

/** Lines of a PEM are secrets each by itself: an error may quote one. */
const SHORTEST_KEY_LINE = 8

const clientSecrets = ({ clientId, clientSecret }: { clientId: string; clientSecret?: string }): string[] =>
  clientSecret === undefined ? [] : [clientSecret, basicPair(clientId, clientSecret)]
