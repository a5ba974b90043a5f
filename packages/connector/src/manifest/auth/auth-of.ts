// The auth of a manifest with the settings of one system filled in. Settings that are missing, or no text, are a fault that
// names them; nothing here ever shows a value.
import type { Auth, KeyEncoding, SigningFacts } from "../../auth/auth.ts"
import { FaultError } from "../../fault.ts"
import type { Json, JsonObject } from "../../json.ts"
import type { AuthOf, AuthSpec, Scope, Setting, Value } from "../spec/index.ts"

export const authOf: AuthOf = (spec, config) => {
  switch (spec.type) {
    case "none":
      return { type: "none" }
    case "bearer":
      return { type: "bearer", token: text(spec.token, config) }
    case "basic":
      return { type: "basic", username: text(spec.username, config), password: text(spec.password, config) }
    case "apiKey":
      return spec.in === "query"
        ? { type: "apiKeyQuery", parameter: spec.name, key: `${spec.prefix}${text(spec.key, config)}` }
        : { type: "apiKey", header: spec.name, key: text(spec.key, config), prefix: spec.prefix }
    case "oauth2":
      return oauth(spec, config)
    case "jwt":
      return signed(spec, config)
    case "hmac":
      return hmac(spec, config)
    case "oneOf": {
      const chosen = spec.of.find((each) => usesOf(each, config).every((setting) => isThere(setting, config))) ?? spec.of[0]
      return chosen === undefined ? { type: "none" } : authOf(chosen, config)
    }
  }
}

const isThere = (setting: Setting, config: JsonObject): boolean => {
  const value = setting.run(config)
  return value !== null && value !== ""
}

const text = (setting: Setting, config: JsonObject): string => {
  const value = setting.run(config)
  if (value === null || value === "" || typeof value === "object") {
    const names = setting.uses.length === 0 ? "a setting" : setting.uses.join(", ")
    throw new FaultError({ class: "auth", message: `The system's configuration lacks ${names}, which is needed to sign in.` })
  }
  return String(value)
}

const present = (setting: Setting | null, config: JsonObject): string | undefined =>
  setting === null || !isThere(setting, config) ? undefined : text(setting, config)

const texts = (settings: Readonly<Record<string, Setting>>, config: JsonObject): Record<string, string> =>
  Object.fromEntries(
    Object.entries(settings).flatMap(([name, setting]) => (isThere(setting, config) ? [[name, text(setting, config)] as const] : [])),
  )

const given = <K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } =>
  // A computed key loses its type.
  value === undefined ? {} : ({ [name]: value } as { readonly [P in K]?: V })

const oauth = (spec: Extract<AuthSpec, { type: "oauth2" }>, config: JsonObject): Auth => {
  const clientSecret = present(spec.clientSecret, config)
  const client = {
    tokenUrl: text(spec.tokenUrl, config),
    clientId: text(spec.clientId, config),
    params: texts(spec.params, config),
    ...given("scope", present(spec.scope, config)),
    clientAuth: clientSecret === undefined ? ("none" as const) : spec.clientAuth,
  }
  if (spec.grant === "client_credentials") return { ...client, type: "oauth2ClientCredentials", clientSecret: clientSecret ?? "" }
  const secret = given("clientSecret", clientSecret)
  const code = present(spec.code, config)
  if (spec.grant === "authorization_code" && code !== undefined) {
    return {
      ...client,
      ...secret,
      type: "oauth2AuthorizationCode",
      code,
      redirectUri: present(spec.redirectUri, config) ?? "",
      ...given("codeVerifier", present(spec.codeVerifier, config)),
    }
  }
  if (spec.refreshToken === null) throw new FaultError({ class: "auth", message: "The system's configuration has no refresh token." })
  return { ...client, ...secret, type: "oauth2Refresh", refreshToken: text(spec.refreshToken, config) }
}

const signed = (spec: Extract<AuthSpec, { type: "jwt" }>, config: JsonObject): Auth => {
  const claims = Object.fromEntries(
    Object.entries(spec.claims).flatMap(([name, setting]) => {
      const value = setting.run(config)
      return value === null || typeof value === "object" ? [] : [[name, value] as const]
    }),
  )
  const signing = {
    algorithm: spec.algorithm,
    key: text(spec.key, config),
    keyEncoding: spec.keyEncoding,
    ...given("keyId", present(spec.keyId, config)),
    claims,
    lifeMs: spec.lifeMs,
  }
  return spec.tokenUrl === null
    ? { type: "jwt", ...signing, header: spec.header, prefix: spec.prefix }
    : { type: "oauth2JwtBearer", ...signing, tokenUrl: text(spec.tokenUrl, config) }
}

const hmac = (spec: Extract<AuthSpec, { type: "hmac" }>, config: JsonObject): Auth => {
  const keyEncoding: KeyEncoding = spec.keyEncoding
  const scopeOf = ({ method, path, body, url, timestamp, timestampMs, nonce }: SigningFacts, signature?: string): Scope => ({
    request: { method, path, body, url },
    timestamp,
    timestampMs,
    nonce,
    config,
    signature,
  })
  return {
    type: "hmac",
    key: text(spec.key, config),
    keyEncoding,
    algorithm: spec.algorithm,
    encoding: spec.encoding,
    message: (facts) => written(spec.payload, scopeOf(facts)),
    headers: (facts, signature) =>
      Object.fromEntries(Object.entries(spec.headers).map(([name, value]) => [name, written(value, scopeOf(facts, signature))])),
  }
}

const written = (value: Value, scope: Scope): string => {
  const result: Json = value.run(scope)
  return result === null ? "" : typeof result === "object" ? JSON.stringify(result) : String(result)
}

/** Every setting that this way of signing in cannot do without. */
const usesOf = (spec: AuthSpec, config: JsonObject): Setting[] => {
  switch (spec.type) {
    case "none":
      return []
    case "bearer":
      return [spec.token]
    case "basic":
      return [spec.username, spec.password]
    case "apiKey":
    case "hmac":
      return [spec.key]
    case "jwt":
      return [spec.key, ...(spec.tokenUrl === null ? [] : [spec.tokenUrl]), ...Object.values(spec.claims)]
    case "oauth2": {
      const proof = spec.grant === "client_credentials" ? spec.clientSecret : (spec.code ?? spec.refreshToken)
      const byCode = spec.grant === "authorization_code" && present(spec.code, config) === undefined ? spec.refreshToken : proof
      return [spec.tokenUrl, spec.clientId, ...(byCode === null ? [] : [byCode])]
    }
    case "oneOf":
      return spec.of.flatMap((each) => usesOf(each, config))
  }
}
