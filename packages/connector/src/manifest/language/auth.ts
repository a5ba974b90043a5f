// How requests prove who sends them, and how many may be sent.
import {
  as,
  describeNode,
  didYouMean,
  duration,
  either,
  entryOf,
  list,
  object,
  optional,
  record,
  required,
  text,
  whole,
  word,
  type Report,
  type Shape,
} from "../../language/index.ts"
import type { AuthSpec, LimitsSpec, Setting } from "../spec/index.ts"
import { setting } from "./address.ts"
import { PLACES } from "./names.ts"
import { value, values } from "./value.ts"

const secret = (what: string): Shape<Setting> => setting(what, { secret: true })
const open = (what: string): Shape<Setting> => setting(what)
const header = text({ expects: "the name of a header", pattern: /^[A-Za-z0-9-]+$/ })
const settings = (of: Shape<Setting>, what: string): Shape<Readonly<Record<string, Setting>>> =>
  as(record(of, { what, doc: what, key: { pattern: /^[\w.:/-]+$/, expects: "a name" } }), (items) =>
    Object.fromEntries(items.flatMap((item) => (item.value === undefined ? [] : [[item.key, item.value]]))),
  )
const type = { type: required(text({ expects: "a kind of authentication" }), "The kind of authentication.") }

const none = as(object("auth", "No authentication.", type), (): AuthSpec => ({ type: "none" }))

const bearer = as(
  object("auth", "A token in the header Authorization.", {
    ...type,
    token: required(secret("a token, as { secret: token }"), "The token."),
  }),
  ({ fields }): AuthSpec | undefined => fields.token && { type: "bearer", token: fields.token },
)

const basic = as(
  object("auth", "User name and password.", {
    ...type,
    username: required(open("a user name, as =config.username"), "The user name."),
    password: required(secret("a password, as { secret: password }"), "The password."),
  }),
  ({ fields: { username, password } }): AuthSpec | undefined => username && password && { type: "basic", username, password },
)

const apiKey = as(
  object("auth", "A key in a header or in the query.", {
    ...type,
    in: optional(word("place", ["header", "query"]), "header, unless said."),
    name: required(text({ expects: "the name of a header or parameter" }), "Its name."),
    key: required(secret("a key, as { secret: apiKey }"), "The key."),
    prefix: optional(text({ expects: "a text" }), "Stands before the key in the header."),
  }),
  ({ fields }): AuthSpec | undefined =>
    fields.name &&
    fields.key && {
      type: "apiKey",
      in: fields.in?.value ?? "header",
      name: fields.name.value,
      key: fields.key,
      prefix: fields.prefix?.value ?? "",
    },
)

const GRANTS = ["client_credentials", "refresh_token", "authorization_code"] as const

const oauth2 = as(
  object("auth", "OAuth 2.", {
    ...type,
    grant: required(word("grant", GRANTS), "How tokens are had."),
    tokenUrl: required(open("an address, as /oauth/token"), "Where tokens are had: a URL, or a path below baseUrl."),
    authorizeUrl: optional(open("an address"), "authorization_code: where the browser is sent."),
    clientId: required(open("a client id, as =config.clientId"), "The client id."),
    clientSecret: optional(secret("a secret, as { secret: clientSecret }"), "The client secret."),
    refreshToken: optional(
      secret("a token, as { secret: refreshToken }"),
      "refresh_token, authorization_code: the first refresh token; a new one takes its place.",
    ),
    code: optional(
      secret("a code, as { secret: code }"),
      "authorization_code: what the browser came back with, exchanged once; from then on the refresh token is used that came for it.",
    ),
    redirectUri: optional(open("an address"), "authorization_code: where the browser was sent back to."),
    codeVerifier: optional(secret("a text, as { secret: codeVerifier }"), "authorization_code: the secret of PKCE."),
    scope: optional(open("scopes in one text"), "The scopes."),
    clientAuth: optional(
      word("way", ["basic", "body"]),
      "How the client proves itself: by HTTP Basic, or in the form. basic, unless said.",
    ),
    params: optional(settings(open("a text"), "parameters"), "More fields of the form: audience."),
  }),
  ({ fields, node }, report): AuthSpec | undefined => {
    const { grant, tokenUrl, clientId } = fields
    if (grant === undefined || tokenUrl === undefined || clientId === undefined) return undefined
    const at = node.entries[0]?.keyAt ?? node.at
    if (grant.value === "client_credentials" && fields.clientSecret === undefined)
      report.error(at, "client_credentials needs a client secret", "add clientSecret: { secret: clientSecret }")
    if (grant.value === "refresh_token" && fields.refreshToken === undefined)
      report.error(at, "refresh_token needs a refresh token", "add refreshToken: { secret: refreshToken }")
    if (grant.value === "authorization_code" && fields.refreshToken === undefined && fields.code === undefined)
      report.error(at, "authorization_code needs a code, or the refresh token that came for one", "add code: { secret: code }")
    return {
      type: "oauth2",
      grant: grant.value,
      tokenUrl,
      clientId,
      authorizeUrl: fields.authorizeUrl ?? null,
      clientSecret: fields.clientSecret ?? null,
      refreshToken: fields.refreshToken ?? null,
      code: fields.code ?? null,
      redirectUri: fields.redirectUri ?? null,
      codeVerifier: fields.codeVerifier ?? null,
      scope: fields.scope ?? null,
      clientAuth: fields.clientAuth?.value ?? "basic",
      params: fields.params ?? {},
    }
  },
)

const ALGORITHMS = ["HS256", "HS384", "HS512", "RS256", "ES256"] as const

const jwt = as(
  object("auth", "A token that is signed for each short while.", {
    ...type,
    algorithm: required(word("algorithm", ALGORITHMS), "How it is signed."),
    key: required(secret("a key, as { secret: key }"), "The key."),
    keyEncoding: optional(
      word("encoding", ["utf8", "hex", "base64", "pem"]),
      "How the key is written; utf8, and pem for RS256 and ES256, unless said.",
    ),
    keyId: optional(open("a key id"), "kid in the token's header."),
    claims: optional(settings(open("a text"), "claims"), "What the token claims; iat and exp come by themselves."),
    life: optional(duration, "How long a token holds; 5m, unless said."),
    header: optional(header, "The header it is sent in; Authorization, unless said."),
    prefix: optional(text({ expects: "a text" }), 'Stands before it in the header; "Bearer ", unless said.'),
    tokenUrl: optional(open("an address"), "Where it is exchanged for the token that is sent (RFC 7523)."),
  }),
  ({ fields }): AuthSpec | undefined => {
    const { algorithm, key } = fields
    if (algorithm === undefined || key === undefined) return undefined
    return {
      type: "jwt",
      algorithm: algorithm.value,
      key,
      keyEncoding: fields.keyEncoding?.value ?? (algorithm.value.startsWith("HS") ? "utf8" : "pem"),
      keyId: fields.keyId ?? null,
      claims: fields.claims ?? {},
      lifeMs: fields.life ?? 300_000,
      header: fields.header?.value ?? "authorization",
      prefix: fields.prefix?.value ?? "Bearer ",
      tokenUrl: fields.tokenUrl ?? null,
    }
  },
)

const hmac = as(
  object("auth", "Each request is signed with a key that both sides know.", {
    ...type,
    algorithm: optional(word("algorithm", ["sha1", "sha256", "sha512"]), "sha256, unless said."),
    key: required(secret("a key, as { secret: key }"), "The key."),
    keyEncoding: optional(word("encoding", ["utf8", "hex", "base64"]), "How the key is written; utf8, unless said."),
    encoding: optional(word("encoding", ["hex", "base64"]), "How the signature is written; hex, unless said."),
    payload: required(
      value(PLACES.signature, "what is signed"),
      "What is signed, over request {method, url, path, body}, timestamp, timestampMs, nonce.",
    ),
    headers: required(values(PLACES.signature, "headers"), "What is sent along, over the same and signature."),
  }),
  ({ fields }): AuthSpec | undefined => {
    const { key, payload, headers } = fields
    if (key === undefined || payload === undefined || headers === undefined) return undefined
    return {
      type: "hmac",
      algorithm: fields.algorithm?.value ?? "sha256",
      key,
      keyEncoding: fields.keyEncoding?.value ?? "utf8",
      encoding: fields.encoding?.value ?? "hex",
      payload,
      headers,
    }
  },
)

const KINDS: Readonly<Record<string, Shape<AuthSpec>>> = { none, bearer, basic, apiKey, oauth2, jwt, hmac }

const one: Shape<AuthSpec> = {
  schema: { oneOf: Object.entries(KINDS).map(([name, shape]) => withConst(shape.schema, name)) },
  expects: "auth with a type",
  fits: (node) => node.kind === "map",
  read: (node, report) => {
    const written = entryOf(node, "type")
    if (written === undefined) {
      report.error(
        node.kind === "map" ? (node.entries[0]?.keyAt ?? node.at) : node.at,
        'auth lacks "type"',
        `one of: ${Object.keys(KINDS).join(", ")}; or oneOf with a list of them`,
      )
      return undefined
    }
    const name = written.value.kind === "scalar" ? String(written.value.value) : ""
    const shape = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined
    if (shape === undefined) {
      report.error(written.value.at, `unknown type of auth ${describeNode(written.value)}`, didYouMean(name, Object.keys(KINDS)))
      return undefined
    }
    return shape.read(node, report)
  },
}

function withConst(schema: Shape<unknown>["schema"], name: string): Shape<unknown>["schema"] {
  const properties = schema["properties"]
  return typeof properties === "object" && properties !== null
    ? { ...schema, properties: { ...properties, type: { const: name } } }
    : schema
}

const many = as(
  object("auth", "The first whose settings are all there.", {
    oneOf: required(list(one, { expects: "a list of ways", min: 1 }), "Ways to authenticate, in order."),
  }),
  ({ fields }): AuthSpec | undefined => fields.oneOf && { type: "oneOf", of: fields.oneOf.items },
)

export const auth: Shape<AuthSpec> = {
  schema: { anyOf: [...(Array.isArray(one.schema["oneOf"]) ? one.schema["oneOf"] : []), many.schema] },
  expects: "auth as a mapping with type",
  fits: (node) => node.kind === "map",
  read: (node, report: Report) => {
    if (node.kind !== "map") {
      report.error(
        node.at,
        `expected auth as a mapping with type, found ${describeNode(node)}`,
        "write { type: bearer, token: { secret: token } }",
      )
      return undefined
    }
    return entryOf(node, "oneOf") === undefined ? one.read(node, report) : many.read(node, report)
  },
}

const windowMax = either<Setting>("a whole number above 0, or a setting", [
  as(whole({ expects: "a whole number above 0", min: 1 }), ({ value: calls }): Setting => ({ run: () => calls, uses: [], secret: false })),
  setting("a setting, as =config.callsPerSecond"),
])

const limitWindow = as(
  object("a window", "So many calls in so much time.", {
    max: required(windowMax, "Calls: a number, or a setting, as =config.callsPerSecond."),
    per: required(duration, "In this time: 1s, 10s, 1d."),
    match: optional(
      text({ expects: "a pattern, as **/search" }),
      "Calls whose path fits: * within a segment, ** anything; a method may come first.",
    ),
  }),
  ({ fields: { max, per, match } }) =>
    max === undefined || per === undefined ? undefined : { max, perMs: per, match: match?.value ?? null },
)

export const limits: Shape<LimitsSpec> = as(
  object("limits", "How much the system allows.", {
    windows: optional(list(limitWindow, { expects: "a list of windows, as [{ max: 100, per: 10s }]" }), "All of them hold at once."),
    concurrency: optional(whole({ expects: "a whole number above 0", min: 1 }), "Calls at a time."),
    headers: optional(
      object("headers", "What the system says of its limits.", {
        remaining: optional(header, "Calls that are left."),
        reset: optional(header, "When the window begins anew."),
        retryAfter: optional(header, "How long to wait; Retry-After, unless said."),
      }),
      "What the system says of its limits.",
    ),
  }),
  ({ fields }) => {
    const said = fields.headers?.fields
    const lower = (name: { readonly value: string } | undefined): string | null => name?.value.toLowerCase() ?? null
    return {
      windows: fields.windows?.items ?? [],
      concurrency: fields.concurrency?.value ?? null,
      headers: { remaining: lower(said?.remaining), reset: lower(said?.reset), retryAfter: lower(said?.retryAfter) },
    }
  },
)
