// One request of a manifest, made: its values worked out, sent by the system's HTTP client, its answer judged by the rules.
// Leaves an answer, or a FaultError.
import type { CallOptions } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import type { HttpRequest, QueryValue } from "../../http/client.ts"
import { isObject, type Json } from "../../json.ts"
import { encode, decode } from "../codec/codec.ts"
import { judgeOf, letsPass, saysUnchanged } from "../fault/judge.ts"
import type { Answer, Opened, RequestSpec, Scope, Slot, Values } from "../spec/index.ts"
import { callCode } from "./code.ts"
import { placed } from "./slot.ts"

export interface SendOptions extends CallOptions {
  /** Overrides what the request says of itself. */
  readonly safe?: boolean
  /** A value that goes into one place of the request: of paging. */
  readonly slot?: { readonly slot: Slot; readonly value: Json }
  /** Takes the place of the path and query: the URL of a next page. */
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Statuses that are answers here. */
  readonly accept?: readonly number[]
  readonly priority?: "interactive" | "bulk"
}

export async function send(opened: Opened, request: RequestSpec, scope: Scope, options: SendOptions = {}): Promise<Answer> {
  const known: Scope = { ...scope, config: opened.config }
  if (request.code !== null) return callCode(opened, request.code, known, options)
  const answer = await opened.http.request(compose(opened, request, known, options))
  const { status, headers } = answer
  const body = request.answer === "json" ? answer.body : decoded(request, answer.body)
  const rules = [...request.errors, ...opened.manifest.errors]
  return { status, headers, body, unchanged: saysUnchanged(rules, status, { ...known, res: { status, headers, body } }) }
}

function compose(opened: Opened, request: RequestSpec, scope: Scope, options: SendOptions): HttpRequest {
  const { manifest, now } = opened
  const slot = options.slot
  const query = options.url === undefined ? textsOf(request.query, scope) : {}
  const headers = { ...headersOf(manifest.headers, scope), ...headersOf(request.headers, scope), ...options.headers }
  let body = request.body === null ? null : request.body.run(scope)
  if (slot !== undefined && slot.value !== null) {
    if (slot.slot.in === "query") query[slot.slot.path] = queryValue(slot.value)
    else if (slot.slot.in === "headers") headers[slot.slot.path.toLowerCase()] = String(slot.value)
    else body = placed(body, slot.slot.path, slot.value)
  }
  const safe = options.safe ?? request.safe
  const rules = [...request.errors, ...manifest.errors]
  const accept = options.accept ?? []
  return {
    method: request.method,
    path: options.url ?? request.path.run(scope),
    query,
    headers,
    ...(body === null ? {} : request.as === "json" ? { json: body } : { content: contentOf(request, body) }),
    answer: request.answer === "json" ? "json" : "text",
    judge: judgeOf(rules, scope, { safe, accept, now }),
    accept: letsPass(rules) ? EVERY_STATUS : accept,
    safe,
    cost: request.cost,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
  }
}

/** Where a rule may turn a refusal into an answer, the judge has the only word. */
const EVERY_STATUS: readonly number[] = Array.from({ length: 300 }, (_, at) => 300 + at)

const contentOf = (request: RequestSpec, body: Json): { readonly type: string; readonly data: string } => {
  const { contentType, text } = encode(request.as, body)
  return { type: contentType, data: text }
}

function decoded(request: RequestSpec, body: Json): Json {
  if (typeof body !== "string") return body
  try {
    return decode(request.answer, body)
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : "it cannot be read"
    throw new FaultError({ class: request.safe ? "transient" : "unknown", message: `The system's answer is no ${request.answer}: ${why}.` })
  }
}

function textsOf(values: Values, scope: Scope): Record<string, QueryValue | readonly QueryValue[]> {
  const texts: Record<string, QueryValue | readonly QueryValue[]> = {}
  for (const name of Object.keys(values)) {
    const value = values[name]?.run(scope) ?? null
    if (value !== null) texts[name] = Array.isArray(value) ? value.map(one) : queryValue(value)
  }
  return texts
}

const queryValue = (value: Json): QueryValue | readonly QueryValue[] => (Array.isArray(value) ? value.map(one) : one(value))

const one = (value: Json): QueryValue => (value === null ? undefined : typeof value === "object" ? JSON.stringify(value) : value)

function headersOf(values: Values, scope: Scope): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name of Object.keys(values)) {
    const value = values[name]?.run(scope) ?? null
    if (value === null) continue
    const text = typeof value === "object" ? JSON.stringify(value) : String(value)
    // A line break would start another header.
    // eslint-disable-next-line no-control-regex
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text))
      throw new FaultError({ class: "invalid", message: `The header ${name} would hold a line break.` })
    headers[name.toLowerCase()] = text
  }
  return headers
}

/** `res` in expressions. */
export const resOf = (answer: Answer): Json => ({ status: answer.status, headers: answer.headers, body: answer.body })

/** A list, whatever an expression gives for one: nothing is none, one is one. */
export function listOf(value: Json): readonly Json[] {
  if (value === null) return []
  return Array.isArray(value) ? value : isObject(value) ? [value] : []
}
