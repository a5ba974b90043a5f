// Whether an answer is a fault: the manifest's rules, the first that matches; then what its HTTP status means.
import type { Fault } from "../../fault.ts"
import type { Judged } from "../../http/client.ts"
import { faultOfAnswer } from "../../http/fault-of-answer.ts"
import { readRetryAfter } from "../../limit/retry-after.ts"
import { isObject, type Json } from "../../json.ts"
import { ExpressionError } from "../expression-error.ts"
import type { ErrorRule, Scope, Value } from "../spec/index.ts"

interface Circumstances {
  readonly safe: boolean
  /** Statuses that are answers, besides 2xx. */
  readonly accept: readonly number[]
  readonly now: () => number
}

/** Some rule may turn a refusal into an answer. */
export const letsPass = (rules: readonly ErrorRule[]): boolean => rules.some((rule) => rule.class === "ok" || rule.class === "unchanged")

/** Whether the answer says that nothing is new since the ETag that was sent. */
export const saysUnchanged = (rules: readonly ErrorRule[], status: number, scope: Scope): boolean =>
  status === 304 ||
  (rules.some((rule) => rule.class === "unchanged") && rules.find((rule) => matches(rule, status, scope))?.class === "unchanged")

export function judgeOf(
  rules: readonly ErrorRule[],
  scope: Scope,
  circumstances: Circumstances,
): (answer: Judged) => Fault | "answer" | null {
  const { safe, accept, now } = circumstances
  return (answer) => {
    const { status, headers } = answer
    const res = { status, headers, body: answer.body ?? answer.text ?? null }
    const seen: Scope = { ...scope, res }
    const rule = rules.find((each) => matches(each, status, seen))
    if (rule !== undefined)
      return rule.class === "ok" || rule.class === "unchanged" ? "answer" : faultOf(rule, rule.class, answer, seen, circumstances)
    if ((status >= 200 && status < 300) || accept.includes(status)) return null
    // Only where a rule might have let it pass; else the client says the same by itself.
    return letsPass(rules) ? faultOfAnswer(refused(answer), { safe, nowMs: now() }) : null
  }
}

/** A rule whose condition cannot be worked out on this answer does not speak of it. */
export function matches(rule: ErrorRule, status: number | null, scope: Scope): boolean {
  if (rule.status !== null && (status === null || !rule.status.includes(status))) return false
  return rule.when === null || attempt(() => rule.when?.run(scope) === true, false)
}

const refused = ({ status, headers, body, text }: Judged) => ({ status, headers, body, ...(text === undefined ? {} : { text }) })

function faultOf(rule: ErrorRule, kind: Fault["class"], answer: Judged, scope: Scope, { safe, now }: Circumstances): Fault {
  const plain = faultOfAnswer(refused(answer), { safe, nowMs: now() })
  const message = textOf(rule.message, scope)
  const fields = fieldsOf(rule.fields, scope) ?? plain.fields
  const existingId = textOf(rule.existingId, scope) ?? (kind === "duplicate" ? plain.existingId : undefined)
  const told = retryOf(rule.retryAfter, scope, now()) ?? plain.retryAfterMs
  // Where a header says more than the rule, it is the header that is obeyed.
  const retryAfterMs = told === undefined ? undefined : Math.max(told, plain.retryAfterMs ?? 0)
  return {
    class: kind,
    message: message ?? plain.message,
    status: answer.status,
    ...(fields === undefined ? {} : { fields }),
    ...(existingId === undefined ? {} : { existingId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

/** What an expression says of a fault is extra: one that fails must not hide the fault. */
const attempt = <T>(work: () => T, otherwise: T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof ExpressionError) return otherwise
    throw error
  }
}

export function textOf(value: Value | null, scope: Scope): string | undefined {
  const found = value === null ? null : attempt(() => value.run(scope), null)
  return found === null || found === "" ? undefined : typeof found === "object" ? JSON.stringify(found).slice(0, 500) : String(found)
}

/** path -> message, from a mapping or a list of `{path, message}`. */
export function fieldsOf(value: Value | null, scope: Scope): Readonly<Record<string, string>> | undefined {
  const found = value === null ? null : attempt(() => value.run(scope), null)
  const pairs: [string, string][] = []
  const words = (said: Json | undefined): string =>
    typeof said === "string" ? said : said === undefined || said === null ? "not accepted" : JSON.stringify(said)
  if (Array.isArray(found)) {
    for (const each of found) if (isObject(each) && typeof each["path"] === "string") pairs.push([each["path"], words(each["message"])])
  } else if (isObject(found)) for (const [path, said] of Object.entries(found)) pairs.push([path, words(said)])
  return pairs.length === 0
    ? undefined
    : Object.fromEntries(pairs.slice(0, MOST_FIELDS).map(([path, said]) => [path.slice(0, 200), said.slice(0, 300)]))
}

const MOST_FIELDS = 50

function retryOf(value: Value | null, scope: Scope, nowMs: number): number | undefined {
  const found = textOf(value, scope)
  return found === undefined ? undefined : readRetryAfter(found, undefined, nowMs)
}
