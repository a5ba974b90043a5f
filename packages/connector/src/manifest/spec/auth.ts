// Authentication and limits of a manifest, over `config`.
import type { Setting, Value } from "./value.ts"

export type AuthSpec =
  | { readonly type: "none" }
  | { readonly type: "bearer"; readonly token: Setting }
  | { readonly type: "basic"; readonly username: Setting; readonly password: Setting }
  | { readonly type: "apiKey"; readonly in: "header" | "query"; readonly name: string; readonly key: Setting; readonly prefix: string }
  | {
      readonly type: "oauth2"
      readonly grant: "client_credentials" | "refresh_token" | "authorization_code"
      readonly tokenUrl: Setting
      readonly authorizeUrl: Setting | null
      readonly clientId: Setting
      readonly clientSecret: Setting | null
      readonly refreshToken: Setting | null
      /** authorization_code: what the browser came back with, good for one exchange; from then on the kept refresh token is used. */
      readonly code: Setting | null
      readonly redirectUri: Setting | null
      /** PKCE. */
      readonly codeVerifier: Setting | null
      readonly scope: Setting | null
      readonly clientAuth: "basic" | "body"
      /** More fields of the token form: `audience`. */
      readonly params: Readonly<Record<string, Setting>>
    }
  | {
      readonly type: "jwt"
      readonly algorithm: "HS256" | "HS384" | "HS512" | "RS256" | "ES256"
      readonly key: Setting
      readonly keyEncoding: "utf8" | "hex" | "base64" | "pem"
      readonly keyId: Setting | null
      /** `iat` and `exp` are the runtime's. */
      readonly claims: Readonly<Record<string, Setting>>
      readonly lifeMs: number
      /** Sent as it is, in this header with this prefix: `Bearer `, `Ghost `. */
      readonly header: string
      readonly prefix: string
      /** Or exchanged for a token (RFC 7523). */
      readonly tokenUrl: Setting | null
    }
  | {
      readonly type: "hmac"
      readonly algorithm: "sha1" | "sha256" | "sha512"
      readonly key: Setting
      readonly keyEncoding: "utf8" | "hex" | "base64"
      readonly encoding: "hex" | "base64"
      /** Names: `request` {method, path (with query), body, url}, `timestamp` (s), `timestampMs`, `nonce`, `config`. */
      readonly payload: Value
      /** The same names and `signature`. */
      readonly headers: Readonly<Record<string, Value>>
    }
  /** The first whose settings are all there. */
  | { readonly type: "oneOf"; readonly of: readonly AuthSpec[] }

export interface LimitsSpec {
  readonly windows: readonly {
    /** A number, or a setting: accounts of one system may be allowed more than others. */
    readonly max: Setting
    readonly perMs: number
    /** A glob over the path below baseUrl: such calls only. */
    readonly match: string | null
  }[]
  readonly concurrency: number | null
  readonly headers: { readonly remaining: string | null; readonly reset: string | null; readonly retryAfter: string | null }
}
