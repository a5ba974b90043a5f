// The ways to an OAuth2 access token, as the form of a token request. A grant may depend on what was kept of earlier ones.
import { createHash } from "node:crypto"
import type { Auth, ClientAuth } from "./auth.ts"
import { openTokenSigner } from "./signed-token.ts"
import type { KeptToken } from "./token-keeper.ts"

export interface TokenRequest {
  readonly form: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
}

export interface Grant {
  /** Completes "HOST refuses …". */
  readonly what: string
  /** Completes "check …". */
  readonly check: string
  /** Hash of what was configured; `undefined`: nothing of this grant needs keeping. */
  readonly origin?: string
  /** The refresh token to go on with where an answer brings none. */
  readonly refreshToken?: string
  request(kept: KeptToken | null, now: number): Promise<TokenRequest>
}

export type OAuth = Extract<Auth, { type: `oauth2${string}` }>

const originOf = (credential: string): string => createHash("sha256").update(credential).digest("base64url")

const REFRESH_CHECK =
  "whether the refresh token was revoked or is used elsewhere, then authorise again and put the new one into the configuration"

export function openGrant(auth: OAuth): Grant {
  const more: Record<string, string> = {
    ...("params" in auth ? auth.params : {}),
    ...("scope" in auth && auth.scope !== undefined ? { scope: auth.scope } : {}),
  }
  switch (auth.type) {
    case "oauth2ClientCredentials": {
      const proof = provesBy(auth)
      return {
        what: "the client credentials",
        check: "client id, client secret and scope",
        request: () => Promise.resolve({ form: { grant_type: "client_credentials", ...more, ...proof.form }, headers: proof.headers }),
      }
    }
    case "oauth2Refresh": {
      const proof = provesBy(auth)
      return {
        what: "to renew the access",
        check: REFRESH_CHECK,
        origin: originOf(auth.refreshToken),
        refreshToken: auth.refreshToken,
        request: (kept) => Promise.resolve(refresh(kept?.refreshToken ?? auth.refreshToken, more, proof)),
      }
    }
    case "oauth2AuthorizationCode": {
      const { code, redirectUri, codeVerifier } = auth
      const proof = provesBy(auth)
      const verifier: Record<string, string> = codeVerifier === undefined ? {} : { code_verifier: codeVerifier }
      const exchange = { grant_type: "authorization_code", code, redirect_uri: redirectUri, ...verifier, ...more, ...proof.form }
      return {
        what: "the authorisation",
        check: "whether the code was used or is old (it is good for one exchange, within minutes), then authorise again",
        origin: originOf(code),
        request: (kept) =>
          Promise.resolve(kept === null ? { form: exchange, headers: proof.headers } : refresh(kept.refreshToken, more, proof)),
      }
    }
    case "oauth2JwtBearer": {
      const sign = openTokenSigner(auth)
      return {
        what: "the signed token",
        check: "key, issuer, subject and audience, and that the user has approved the application",
        request: async (_kept, now) => {
          const { token } = await sign(now)
          return { form: { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: token }, headers: {} }
        },
      }
    }
  }
}

const refresh = (refreshToken: string, more: Readonly<Record<string, string>>, proof: TokenRequest): TokenRequest => ({
  form: { grant_type: "refresh_token", refresh_token: refreshToken, ...more, ...proof.form },
  headers: proof.headers,
})

const provesBy = (auth: { clientId: string; clientSecret?: string; clientAuth?: ClientAuth }): TokenRequest => {
  const { clientId, clientSecret, clientAuth = clientSecret === undefined ? "none" : "basic" } = auth
  if (clientSecret === undefined || clientAuth === "none") return { form: { client_id: clientId }, headers: {} }
  if (clientAuth === "body") return { form: { client_id: clientId, client_secret: clientSecret }, headers: {} }
  return { form: {}, headers: { authorization: `Basic ${basicPair(clientId, clientSecret)}` } }
}

/** RFC 6749, 2.3.1: both parts are form-encoded before they are joined. */
export const basicPair = (clientId: string, clientSecret: string): string =>
  Buffer.from([clientId, clientSecret].map((part) => new URLSearchParams([["", part]]).toString().slice(1)).join(":")).toString("base64")
