// How requests are authenticated, as data.

export type Auth =
  | { readonly type: "none" }
  | { readonly type: "bearer"; readonly token: string }
  | { readonly type: "basic"; readonly username: string; readonly password: string }
  | { readonly type: "apiKey"; readonly header: string; readonly key: string }
  | {
      readonly type: "oauth2ClientCredentials"
      /** Absolute, or a path below the system's base URL. */
      readonly tokenUrl: string
      readonly clientId: string
      readonly clientSecret: string
      readonly scope?: string
      /** How the client proves itself at the token URL: by HTTP Basic, the default, or by fields of the form. */
      readonly clientAuth?: "basic" | "body"
    }
