// Auth as data -> headers of each request. Holds secrets only wrapped, and says which texts have to be redacted.
import type { Auth } from "./auth.ts"
import { Secret } from "./redactor.ts"
import { openTokenSource, type TokenSourceParts } from "./token-source.ts"

export interface Authenticator {
  headers(): Promise<Readonly<Record<string, string>>>
  /** A request with these headers was answered 401. `true`: new ones can be had, so one more try makes sense. */
  refused(headers: Readonly<Record<string, string>>): boolean
}

export function openAuthenticator(auth: Auth, parts: TokenSourceParts): Authenticator {
  if (auth.type === "oauth2ClientCredentials") {
    const { clientId, scope, clientAuth = "basic" } = auth
    const credentials = { clientId, clientSecret: new Secret(auth.clientSecret), clientAuth, ...(scope === undefined ? {} : { scope }) }
    const source = openTokenSource(credentials, parts)
    return {
      headers: async () => ({ authorization: `Bearer ${await source.token()}` }),
      refused(headers) {
        source.drop((headers["authorization"] ?? "").slice("Bearer ".length))
        return true
      },
    }
  }
  const [name, value] = fixedHeader(auth)
  return {
    headers: () => Promise.resolve(name === "" ? {} : { [name]: value.reveal() }),
    refused: () => false,
  }
}

const fixedHeader = (auth: Exclude<Auth, { type: "oauth2ClientCredentials" }>): [name: string, value: Secret] => {
  switch (auth.type) {
    case "none":
      return ["", new Secret("")]
    case "bearer":
      return ["authorization", new Secret(`Bearer ${auth.token}`)]
    case "basic":
      return ["authorization", new Secret(`Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}`)]
    case "apiKey":
      return [auth.header.toLowerCase(), new Secret(auth.key)]
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
      return [auth.key]
    case "oauth2ClientCredentials":
      return [auth.clientSecret, Buffer.from(`${auth.clientId}:${auth.clientSecret}`).toString("base64")]
  }
}
