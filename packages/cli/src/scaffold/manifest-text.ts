// A plan -> the text of its manifest. What the plan could not know is marked, where it matters, with "# DECIDE:".
import { stringify } from "yaml"
import type { Json } from "@syncline/connector"
import type { ApiPlan, AuthPlan, PagingPlan, ResourcePlan } from "./api-plan.ts"

export function manifestText(plan: ApiPlan): string {
  const settings = [...settingsIn(plan)]
  return [
    `# ${plan.title}, as a connector. Every word of the language: the schema beside this line's editor, or connectors/README.md.`,
    ...plan.notes.map((note) => `# DECIDE: ${note}`),
    "manifest: 1",
    `id: ${plan.name}`,
    `title: ${quoted(plan.title)}`,
    "baseUrl: '{config.baseUrl}'",
    "",
    "config:",
    "  properties:",
    ...(plan.baseUrl === null
      ? [
          "    # DECIDE: an address that holds for everybody is a default: { type: string, default: https://api.example.com }",
          "    baseUrl: { type: string }",
        ]
      : [`    baseUrl: { type: string, default: ${quoted(plan.baseUrl)} }`]),
    ...credentialsOf(plan.auth).map(
      ([name, words, secret]) =>
        `    ${name}: { type: string, minLength: 1${secret ? ", writeOnly: true" : ""}, description: ${quoted(words)} }`,
    ),
    ...settings.map((name) => `    ${name}: { type: string, minLength: 1, description: ${quoted(`{${name}} in paths`)} }`),
    `  required: [${[...(plan.baseUrl === null ? ["baseUrl"] : []), ...credentialsOf(plan.auth).map(([name]) => name), ...settings].join(", ")}]`,
    "",
    ...authText(plan.auth),
    "",
    "limits:",
    "  # DECIDE: how many calls does the API allow, in which time, and how many at once? Its documentation says so, or its headers.",
    "  windows: [{ max: 10, per: 1s }]",
    "  concurrency: 4",
    "",
    "resources:",
    ...plan.resources.flatMap((resource) => resourceText(resource).map((line) => (line === "" ? "" : `  ${line}`))),
    "",
  ].join("\n")
}

/** `{name}` in paths that is no id of an item is a setting. */
export const settingsIn = (plan: ApiPlan): ReadonlySet<string> =>
  new Set(plan.resources.flatMap(({ path }) => [...path.matchAll(/\{config\.(\w+)\}/g)].map(([, name = ""]) => name)))

export const credentialsOf = (auth: AuthPlan): readonly (readonly [name: string, words: string, secret: boolean])[] => {
  switch (auth.type) {
    case "none":
      return []
    case "bearer":
      return [["token", "The access token.", true]]
    case "basic":
      return [
        ["username", "The user name.", false],
        ["password", "The password.", true],
      ]
    case "apiKey":
      return [["apiKey", "The API key.", true]]
    case "oauth2":
      return [
        ["clientId", "Of the OAuth client.", false],
        ["clientSecret", "Of the OAuth client.", true],
      ]
  }
}

const authText = (auth: AuthPlan): readonly string[] => {
  switch (auth.type) {
    case "none":
      return [
        "# DECIDE: how do requests prove who sends them? bearer, basic, apiKey, oauth2, jwt, hmac; here: not at all",
        "auth: { type: none }",
      ]
    case "bearer":
      return ["auth: { type: bearer, token: { secret: token } }"]
    case "basic":
      return ["auth: { type: basic, username: =config.username, password: { secret: password } }"]
    case "apiKey":
      return [`auth: { type: apiKey, in: ${auth.in}, name: ${auth.name}, key: { secret: apiKey } }`]
    case "oauth2":
      return [
        "auth:",
        "  type: oauth2",
        "  grant: client_credentials",
        `  tokenUrl: ${quoted(auth.tokenUrl)}`,
        "  clientId: =config.clientId",
        "  clientSecret: { secret: clientSecret }",
        ...(auth.scope === null ? [] : [`  scope: ${quoted(auth.scope)}`]),
      ]
  }
}

function resourceText(resource: ResourcePlan): readonly string[] {
  const { name, decide } = resource
  return [
    ...asked(decide.resource, 0),
    `${name}:`,
    `  schema: { $ref: ./${name}.schema.json }`,
    `  id: ${expression(`rec${member(resource.id)}`)}`,
    ...(resource.keys.length === 0
      ? ["  # DECIDE: what do people go by here? An address, a number: keys: { email: =lower(rec.email) }"]
      : [
          ...asked(decide.keys, 2),
          "  keys:",
          ...resource.keys.map(
            ({ name: key, unique }) =>
              `    ${key}: { value: ${expression(`lower(rec${member(key)})`)}, unique: ${unique === true}, paths: [${key}] }`,
          ),
        ]),
    ...versionText(resource),
    ...(resource.modified === null ? [] : [`  at: ${expression(`rec${member(resource.modified)}`)}`]),
    `  pageSize: ${resource.limit?.max ?? 100}`,
    "  # DECIDE: does the API change what it is given? normalises: { email: [trim, lower] }; how late do lists show a write? lag: { delta: 10s }",
    "  read:",
    ...readText(resource).map((line) => `    ${line}`),
    ...asked(decide.deletes, 2),
    ...(resource.deletedFlag !== null ? [] : ["  deletes: { absence: true }"]),
    ...writeText(resource),
  ]
}

const versionText = ({ version, decide }: ResourcePlan): readonly string[] => {
  if (version === null) return [...asked(decide.version, 2), "  version: { kind: none }"]
  if (version.kind === "etag") return [...asked(decide.version, 2), "  version: { kind: etag, header: etag }"]
  const resolution = version.kind === "timestamp" ? ", resolution: 1ms" : ""
  return [
    ...asked(decide.version, 2),
    `  version: { kind: ${version.kind}, value: ${expression(`rec${member(version.field)}`)}${resolution} }`,
  ]
}

const readText = ({ path, id, limit, recordsAt, paging, since, deletedFlag, lookup, itemAt, decide }: ResourcePlan): readonly string[] => {
  const records = body(recordsAt)
  // Without this, an answer of another kind would look like a list without items.
  const errors = `errors: [{ status: 200, when: ${expression(`${records} == null`)}, class: transient, message: The answer holds no list. }]`
  const query = (extra: string): string =>
    limit === null && extra === ""
      ? ""
      : `query: { ${[...(limit === null ? [] : [`${key(limit.to)}: =limit`]), ...(extra === "" ? [] : [extra])].join(", ")} }`
  const request = (extra: string): readonly string[] => [
    "  request:",
    `    path: ${quoted(path)}`,
    ...(query(extra) === "" ? [] : [`    ${query(extra)}`]),
    `    ${errors}`,
  ]
  return [
    ...asked(decide.snapshot, 0),
    "snapshot:",
    ...(limit === null ? [] : [`  limit: ${limit.max}`]),
    ...request(""),
    `  records: ${expression(records)}`,
    ...nextText(paging, id),
    ...asked(decide.delta, 0),
    ...(since === null
      ? []
      : [
          "delta:",
          `  cursor: { kind: timestamp, of: ${expression(`rec${member(since.field)}`)}, overlap: 5s }`,
          ...request(`${key(since.to)}: =cursor`),
          ...(deletedFlag === null ? [] : [`  deleted: ${expression(`rec${member(deletedFlag)} == true`)}`]),
        ]),
    ...asked(decide.lookup, 0),
    ...(lookup ? ["lookup:", ...lookupText(path, itemAt)] : []),
  ]
}

const lookupText = (path: string, itemAt: string): readonly string[] => {
  const record = expression(body(itemAt))
  if (itemAt === "") return [`  id: { request: ${quoted(`GET ${path}/{value}`)}, records: ${record} }`]
  return [
    "  id:",
    "    request:",
    `      path: ${quoted(`${path}/{value}`)}`,
    // An answer without the item is no proof that it is not there.
    `      errors: [{ status: 200, when: ${expression(`${body(itemAt)} == null`)}, class: transient, message: The answer holds no item. }]`,
    `    records: ${record}`,
  ]
}

const nextText = (paging: PagingPlan, id: string): readonly string[] => {
  switch (paging.kind) {
    case "token":
      return [`  next: { token: ${expression(body(paging.at))}, to: query.${paging.to} }`]
    case "url":
      return [`  next: { url: ${expression(body(paging.at))} }`]
    case "link":
      return ["  next: { link: next }"]
    case "offset":
      return [`  next: { offset: query.${paging.to}${paging.total === null ? "" : `, total: ${expression(body(paging.total))}`} }`]
    case "page":
      return [
        `  next: { page: query.${paging.to}, start: ${paging.start}${paging.pages === null ? "" : `, pages: ${expression(body(paging.pages))}`} }`,
      ]
    case "keyset":
      return [
        `  next: { keyset: ${expression(`rec${member(id)}`)}, to: query.${paging.to}${paging.more === null ? "" : `, more: ${expression(body(paging.more))}`} }`,
      ]
    case "none":
      return [
        "  # DECIDE: how is the next page had? next: { token: … } or { offset: … }, { page: … }, { link: next }, { url: … }, { keyset: … }; here the first page is all",
      ]
  }
}

function writeText({
  path,
  create,
  update,
  remove,
  itemAt,
  bodyAt,
  id,
  readOnly,
  version,
  lookup,
  decide,
}: ResourcePlan): readonly string[] {
  if (create === null && update === null && remove === null) return []
  const sent = (what: string): string => (bodyAt === "" ? expression(what) : `{ ${bodyAt}: ${expression(what)} }`)
  const record = expression(body(itemAt))
  const match = ', headers: { if-match: \'=op.version == null ? null : "\\"" + op.version + "\\""\' }'
  const tag = version?.kind === "etag" ? ", headers: { if-match: =op.version }" : match
  const guard = (own: boolean): string => (own ? "ifMatch" : lookup ? "readCompare" : "none")
  const whole = `omit(op.item, [${readOnly.map((each) => `"${each}"`).join(", ")}])`
  return [
    "  write:",
    ...(create === null
      ? []
      : [
          ...asked(decide.create, 4),
          "    create:",
          ...(create.idempotencyHeader === null ? [] : ["      idempotent: header", "      keyTtl: 1d"]),
          `      request: { method: POST, path: ${quoted(path)}${create.idempotencyHeader === null ? "" : `, headers: { ${create.idempotencyHeader.toLowerCase()}: =op.key }`}, body: ${sent("op.set")} }`,
          `      ok: { id: ${expression(`${body(itemAt)}${member(id)}`)}, record: ${record} }`,
        ]),
    ...(update === null
      ? []
      : [
          ...asked(decide.update, 4),
          "    update:",
          `      guard: ${guard(update.ifMatch)}`,
          `      request: { method: ${update.method}, path: ${quoted(`${path}/{op.id}`)}${update.ifMatch ? tag : ""}, body: ${sent(update.method === "PUT" ? whole : "op.set")} }`,
          `      ok: { record: ${record} }`,
        ]),
    ...(remove === null
      ? []
      : [
          ...asked(decide.delete, 4),
          "    delete:",
          `      guard: ${guard(remove.ifMatch)}`,
          `      request: { method: DELETE, path: ${quoted(`${path}/{op.id}`)}${remove.ifMatch ? tag : ""} }`,
        ]),
  ]
}

const asked = (question: string | undefined, by: number): readonly string[] =>
  question === undefined ? [] : [`${" ".repeat(by)}# DECIDE: ${question}`]

const body = (at: string): string => (at === "" ? "res.body" : `res.body${member(at)}`)

const member = (path: string): string =>
  path
    .split(".")
    .map((part) => (/^[A-Za-z_]\w*$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`))
    .join("")

/** Quoted wherever YAML would read something else. */
const expression = (text: string): string => (/^[\w.()]+$/.test(text) ? `=${text}` : `'=${text.replaceAll("'", "''")}'`)

const key = (name: string): string => (/^[A-Za-z_][\w-]*$/.test(name) ? name : `'${name.replaceAll("'", "''")}'`)

export const quoted = (value: Json): string =>
  stringify(value, { lineWidth: 0, defaultStringType: "PLAIN" })
    .trimEnd()
    .replace(/^(.*[{},[\]#&*!|>%@`].*)$/s, (text) => (/^['"]/.test(text) ? text : `'${text.replaceAll("'", "''")}'`))
