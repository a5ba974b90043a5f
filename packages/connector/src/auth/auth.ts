// How requests are authenticated, as data. Secrets are plain here; from the client on they are wrapped and redacted.

/** How the client proves itself at a token URL: by HTTP Basic, by fields of the form, or, as public clients, not at all. */
export type ClientAuth = "basic" | "body" | "none"

export type SigningAlgorithm = "HS256" | "HS384" | "HS512" | "RS256" | "RS384" | "RS512" | "PS256" | "ES256" | "ES384" | "EdDSA"

/** How a key is written: as it is, or as the bytes that it spells. */
export type KeyEncoding = "utf8" | "hex" | "base64" | "pem"

/** What a signed token (JWT) says and how it is signed. */
export interface TokenSigning {
  readonly algorithm: SigningAlgorithm
  readonly key: string
  readonly keyEncoding: KeyEncoding
  readonly keyId?: string
  /** `iat` and `exp` come by themselves. */
  readonly claims: Readonly<Record<string, string | number | boolean>>
  readonly lifeMs: number
}

interface OAuthClient {
  /** Absolute, or a path below the system's base URL. */
  readonly tokenUrl: string
  readonly clientId: string
  readonly scope?: string
  /** Basic where there is a client secret. */
  readonly clientAuth?: ClientAuth
  /** More fields of the form: `audience`. */
  readonly params?: Readonly<Record<string, string>>
}

/** A request as it goes out, for what is signed. */
export interface SigningFacts {
  readonly method: string
  readonly url: string
  /** With the query. */
  readonly path: string
  readonly body: string
  /** Epoch seconds, and milliseconds: the system's own time as far as it is known. */
  readonly timestamp: number
  readonly timestampMs: number
  readonly nonce: string
}

/** Signs each request with a key that both sides know. */
export interface RequestSigning {
  readonly key: string
  readonly keyEncoding: KeyEncoding
  readonly algorithm: "sha1" | "sha256" | "sha384" | "sha512"
  readonly encoding: "hex" | "base64" | "base64url"
  readonly message: (request: SigningFacts) => string
  readonly headers: (request: SigningFacts, signature: string) => Readonly<Record<string, string>>
}

export type Auth =
  | { readonly type: "none" }
  | { readonly type: "bearer"; readonly token: string }
  | { readonly type: "basic"; readonly username: string; readonly password: string }
  | { readonly type: "apiKey"; readonly header: string; readonly key: string; readonly prefix?: string }
  | { readonly type: "apiKeyQuery"; readonly parameter: string; readonly key: string }
  | ({ readonly type: "oauth2ClientCredentials"; readonly clientSecret: string } & OAuthClient)
  | ({ readonly type: "oauth2Refresh"; readonly clientSecret?: string; readonly refreshToken: string } & OAuthClient)
  | ({
      readonly type: "oauth2AuthorizationCode"
      readonly clientSecret?: string
      /** From the address that the browser was sent back to; good for one exchange. */
      readonly code: string
      readonly redirectUri: string
      /** PKCE. */
      readonly codeVerifier?: string
    } & OAuthClient)
  /** A signed token as the credential itself. */
  | ({ readonly type: "jwt"; readonly header: string; readonly prefix: string } & TokenSigning)
  /** A signed token that is exchanged for an access token (RFC 7523). */
  | ({ readonly type: "oauth2JwtBearer"; readonly tokenUrl: string } & TokenSigning)
  | ({ readonly type: "hmac" } & RequestSigning)
