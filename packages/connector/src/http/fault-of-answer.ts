// An answer that is no success -> a classified fault with the system's own words. Pure.
// Understands problem+json (RFC 9457) and the usual shapes of `errors`.
import type { Fault, FaultClass } from "../fault.ts"
import { isObject, type Json, type JsonObject } from "../json.ts"
import { readRetryAfter } from "../limit/retry-after.ts"
import { excerpt } from "./excerpt.ts"

export interface RefusedAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The parsed body; null where there was none or it was not JSON. */
  readonly body: Json
  /** What a body that is not JSON says. */
  readonly text?: string
  readonly html?: boolean
}

export interface RefusedCall {
  /** It changes nothing, so that a 5xx leaves nothing in doubt. */
  readonly safe: boolean
  readonly nowMs: number
  /** Applied before any text is cut, so that no half of a secret is left over. */
  readonly redact?: (text: string) => string
}

const CLASSES: Readonly<Record<number, FaultClass>> = {
  401: "auth",
  402: "forbidden",
  403: "forbidden",
  404: "notFound",
  408: "transient",
  409: "conflict",
  410: "gone",
  412: "conflict",
  423: "transient",
  425: "transient",
  428: "conflict",
  429: "rateLimited",
  451: "forbidden",
  503: "transient",
}

const MOST_FIELDS = 50

export function faultOfAnswer(answer: RefusedAnswer, call: RefusedCall): Fault {
  const problem = isObject(answer.body) ? answer.body : {}
  const quote = (text: string): string => excerpt(call.redact === undefined ? text : call.redact(text))
  const fields = fieldsOf(problem, quote)
  const retryAfterMs = readRetryAfter(answer.headers["retry-after"], answer.headers["date"], call.nowMs)
  const kind = classOf(answer, problem, call.safe)
  const existingId = kind === "duplicate" ? existingIdOf(problem) : undefined
  return {
    class: kind,
    message: messageOf(answer, problem, quote),
    status: answer.status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(fields === undefined ? {} : { fields }),
    ...(existingId === undefined ? {} : { existingId }),
  }
}

const classOf = (answer: RefusedAnswer, problem: JsonObject, safe: boolean): FaultClass => {
  const { status } = answer
  // The page of a gateway says nothing about the item that was asked for.
  if (answer.html === true && (status === 404 || status === 410)) return "transient"
  if ((status === 409 || status === 400 || status === 422) && saysDuplicate(problem)) return "duplicate"
  const known = CLASSES[status]
  if (known !== undefined) return known
  if (status >= 500) return safe ? "transient" : "unknown"
  // A redirect that was not followed, or an interim status: nothing was done.
  return status >= 400 ? "invalid" : "transient"
}

const saysDuplicate = (problem: JsonObject): boolean =>
  [problem["type"], problem["code"], problem["error"]].some(
    (name) =>
      typeof name === "string" && /duplicate|already[-_ ]?(exists|taken)|not[-_ ]?unique|unique[-_ ]?(violation|constraint)/i.test(name),
  )

const existingIdOf = (problem: JsonObject): string | undefined => {
  const existing = problem["existing"]
  const id = problem["existingId"] ?? problem["existing_id"] ?? (isObject(existing) ? existing["id"] : existing)
  return typeof id === "string" || typeof id === "number" ? String(id) : undefined
}

const messageOf = (answer: RefusedAnswer, problem: JsonObject, quote: (text: string) => string): string => {
  const error = problem["error"]
  const said = [
    problem["detail"],
    problem["message"],
    problem["error_description"],
    isObject(error) ? error["message"] : error,
    problem["title"],
  ].find((text) => typeof text === "string" && text.trim() !== "")
  const words = typeof said === "string" ? quote(said) : quote(answer.text ?? "")
  return words === "" ? `The system answered ${answer.status}.` : `The system answered ${answer.status}: ${words}`
}

const fieldsOf = (problem: JsonObject, quote: (text: string) => string): Record<string, string> | undefined => {
  const errors = problem["errors"] ?? problem["invalid-params"] ?? problem["fields"]
  const pairs: [string, string][] = []
  if (Array.isArray(errors)) for (const each of errors) pairs.push(...pairOf(each))
  else if (isObject(errors)) {
    for (const [name, words] of Object.entries(errors)) {
      const first = Array.isArray(words) ? words[0] : words
      const text = isObject(first) ? (first["message"] ?? first["detail"]) : first
      pairs.push([name, typeof text === "string" ? text : "not accepted"])
    }
  }
  const known = pairs.slice(0, MOST_FIELDS).map(([name, words]): [string, string] => [quote(name), quote(words)])
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

const pairOf = (error: Json): [string, string][] => {
  if (!isObject(error)) return []
  const source = error["source"]
  const pointer = error["pointer"] ?? (isObject(source) ? source["pointer"] : undefined)
  const name = error["path"] ?? error["field"] ?? error["name"] ?? error["property"] ?? pathOfPointer(pointer)
  const words = error["detail"] ?? error["message"] ?? error["reason"] ?? error["title"] ?? error["code"]
  return typeof name === "string" && name !== "" ? [[name, typeof words === "string" ? words : "not accepted"]] : []
}

/** `#/address/city` -> `address.city`. */
const pathOfPointer = (pointer: Json | undefined): string | undefined =>
  typeof pointer !== "string"
    ? undefined
    : pointer
        .replace(/^#?\/?/, "")
        .split("/")
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
        .join(".")
