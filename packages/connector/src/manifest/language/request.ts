// One request of a manifest: `GET /contacts/{op.id}` in short, or all that can be said of it; and the rules for its answers.
import {
  as,
  decimal,
  describeNode,
  didYouMean,
  duration,
  either,
  list,
  object,
  optional,
  required,
  text,
  whole,
  word,
  yesNo,
  type Report,
  type Shape,
  type Span,
  type Vocabulary,
} from "../../language/index.ts"
import type { CodeRef, ErrorRule, Method, RequestSpec } from "../spec/index.ts"
import { address } from "./address.ts"
import { gatheredIn } from "./gathered.ts"
import { PLACES } from "./names.ts"
import { condition, value, values, worked } from "./value.ts"

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "REPORT"] as const
const CODECS = ["json", "form", "csv", "xml", "text"] as const

/** What an answer may be taken for. */
const CLASSES = [
  "transient",
  "rateLimited",
  "auth",
  "forbidden",
  "invalid",
  "conflict",
  "duplicate",
  "notFound",
  "gone",
  "cursorExpired",
  "unknown",
  "ok",
  "unchanged",
] as const as readonly ErrorRule["class"][]

const status = either<readonly number[]>("a status, or a list of them", [
  as(whole({ expects: "an HTTP status, as 409", min: 100, max: 599 }), (found) => [found.value]),
  as(list(whole({ expects: "an HTTP status, as 409", min: 100, max: 599 }), { expects: "a list of statuses", min: 1 }), (found) =>
    found.items.map((item) => item.value),
  ),
])

/** A rule of `errors`. What cannot be told apart from success by its status needs a condition. */
const errorRule: Shape<ErrorRule> = as(
  object("a rule for answers", "What an answer means.", {
    status: optional(status, "Answers with this status, or one of these."),
    when: optional(condition(PLACES.condition), "Answers of which this holds; over `res`, and `op` or `item` where there is one."),
    class: required(
      word("class of fault", CLASSES),
      "What it is. `ok`: an answer like any other. `unchanged`: nothing new since the ETag sent.",
    ),
    message: optional(value(PLACES.condition, "a sentence"), "In the system's words; found by itself where the answer has a usual form."),
    fields: optional(
      worked(PLACES.condition, "=res.body.errors"),
      "Which fields are wrong: path -> message, or a list of {path, message}.",
    ),
    existingId: optional(
      worked(PLACES.condition, '=firstMatch(res.body.message, "ID: ([0-9]+)")'),
      "duplicate: the id of the item that has the value.",
    ),
    retryAfter: optional(worked(PLACES.condition, "=res.body.retry_in"), "Seconds to wait; the header Retry-After needs no mention."),
  }),
  ({ fields, node }, report) => {
    if (!node.entries.some(({ key }) => key === "status" || key === "when")) {
      report.error(node.entries[0]?.keyAt ?? node.at, "this rule says of no answer that it is meant", "add status: 409, or when: =…")
      return undefined
    }
    if (fields.class === undefined) return undefined
    const { message = null, existingId = null, retryAfter = null } = fields
    const spec = { status: fields.status ?? null, when: fields.when ?? null, class: fields.class.value }
    return { ...spec, message, fields: fields.fields ?? null, existingId, retryAfter }
  },
)

export const errors: Shape<readonly ErrorRule[]> = as(
  list(errorRule, { expects: "a list of rules, as [{ status: 409, class: duplicate }]" }),
  (found) => found.items,
)

export const code: Shape<CodeRef> = as(
  text({
    expects: "a function of a module beside the manifest, as ./acme.ts#search",
    pattern: /^\.\/[^#\s]+\.(?:ts|mts|js|mjs)#[A-Za-z_$][\w$]*$/,
  }),
  (found, report) => {
    const [file = "", name = ""] = found.value.split("#")
    const ref = { file, name }
    gatheredIn(report).code.push({ ref, at: found.at })
    return ref
  },
)

interface Options {
  /** A read, whatever its method. */
  readonly safe: boolean
}

const bodiless = (method: Method): boolean => method === "GET" || method === "HEAD"
const reads = (method: Method): boolean => bodiless(method) || method === "PROPFIND" || method === "REPORT"

export function request(place: Vocabulary, { safe }: Options): Shape<RequestSpec> {
  const path = address(place)
  const plain = (method: Method): Omit<RequestSpec, "path"> => ({
    method,
    query: {},
    headers: {},
    body: null,
    as: "json",
    answer: "json",
    safe: safe || reads(method),
    cost: 1,
    timeoutMs: null,
    errors: [],
    code: null,
  })
  const short: Shape<RequestSpec> = {
    schema: {
      type: "string",
      pattern: "^(?:(?:GET|HEAD|POST|PUT|PATCH|DELETE|PROPFIND|REPORT) )?[/{=h]",
      examples: ["GET /contacts", "/contacts"],
    },
    expects: "a request, as GET /contacts",
    fits: (node) => node.kind === "scalar",
    read: (node, report) => {
      if (node.kind !== "scalar" || typeof node.value !== "string") {
        report.error(node.at, `expected a request, as GET /contacts, found ${describeNode(node)}`)
        return undefined
      }
      const written = node.value
      const [, said, gap = ""] = /^([A-Za-z]+)( +)/.exec(written) ?? []
      if (said !== undefined && !isMethod(said)) {
        report.error(node.locate(0, said.length), `unknown method "${said}"`, didYouMean(said, METHODS))
        return undefined
      }
      const skip = said === undefined ? 0 : said.length + gap.length
      const found = path.read({ ...node, value: written.slice(skip), locate: (a, b) => node.locate(a + skip, b + skip) }, report)
      return found && { ...plain(said ?? "GET"), path: found }
    },
  }
  const long = as(
    object("a request", "One HTTP request.", {
      method: optional(word("method", METHODS), "GET, or POST where there is a body, unless said."),
      path: optional(path, "Below baseUrl; {expression} is filled in and encoded."),
      query: optional(values(place, "a query"), "Name -> value; null leaves it out, a list repeats the name."),
      headers: optional(values(place, "headers"), "Name -> value; null leaves it out."),
      body: optional(
        value(place, "a body"),
        "Name -> value, nested as it is sent. `name?` leaves out what is null; `...` joins a mapping in.",
      ),
      as: optional(word("codec", CODECS), "How the body is sent; json, unless said."),
      answer: optional(word("codec", CODECS), "How the answer is read; json, unless said."),
      safe: optional(yesNo(), "It changes nothing although its method is POST, so it may be repeated. Reads are safe by themselves."),
      cost: optional(decimal({ expects: "a number from 0 to 1000", min: 0, max: 1000 }), "Weight for the rate limiter; 1, unless said."),
      timeout: optional(duration, "For this request; 30s, unless said."),
      errors: optional(errors, "Rules for its answers, before those of the whole manifest."),
      code: optional(code, "A function that makes the request in place of all this."),
    }),
    ({ fields, node }, report): RequestSpec | undefined => {
      const at = node.entries[0]?.keyAt ?? node.at
      if (fields.path === undefined && fields.code === undefined) {
        if (!node.entries.some((entry) => entry.key === "path" || entry.key === "code"))
          report.error(at, 'a request lacks "path"', "add path: /…")
        return undefined
      }
      const method = fields.method?.value ?? (fields.body === undefined ? "GET" : "POST")
      if (bodiless(method) && fields.body !== undefined) warnBody(report, at, method)
      return {
        ...plain(method),
        path: fields.path ?? NOWHERE,
        query: fields.query ?? {},
        headers: fields.headers ?? {},
        body: fields.body ?? null,
        as: fields.as?.value ?? "json",
        answer: fields.answer?.value ?? "json",
        safe: fields.safe?.value ?? (safe || reads(method)),
        cost: fields.cost?.value ?? 1,
        timeoutMs: fields.timeout ?? null,
        errors: fields.errors ?? [],
        code: fields.code ?? null,
      }
    },
  )
  return either("a request, as GET /contacts, or a mapping with path", [short, long])
}

const isMethod = (word: string): word is Method => METHODS.some((method) => method === word)

const warnBody = (report: Report, at: Span, method: string): void =>
  report.error(at, `a ${method} has no body`, "say method: POST, or move it to query")

const NOWHERE = { run: () => "/", reads: [], source: "" }

/** A request that a function makes. */
export const byCode = (ref: CodeRef): RequestSpec => ({
  method: "GET",
  path: NOWHERE,
  query: {},
  headers: {},
  body: null,
  as: "json",
  answer: "json",
  safe: true,
  cost: 1,
  timeoutMs: null,
  errors: [],
  code: ref,
})

/** Something that needs no more than its request may be written as that: `delete: DELETE /people/{op.id}`. */
export const inShort = <T>(shape: Shape<T>): Shape<T> => ({
  schema: { anyOf: [{ type: "string", examples: ["GET /contacts/{value}"] }, shape.schema] },
  expects: shape.expects,
  fits: (node) => node.kind !== "list",
  read: (node, report) =>
    shape.read(
      node.kind === "scalar" ? { kind: "map", at: node.at, entries: [{ key: "request", keyAt: node.at, value: node }] } : node,
      report,
    ),
})
