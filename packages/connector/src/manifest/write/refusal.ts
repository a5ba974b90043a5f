// An element of a batch's answer that says "refused" -> a fault. Rules first, then what the manifest says of all elements,
// then the usual shapes of errors.
import type { Fault } from "../../fault.ts"
import { excerpt } from "../../http/excerpt.ts"
import { faultOfAnswer } from "../../http/fault-of-answer.ts"
import { isObject, type Json } from "../../json.ts"
import { readRetryAfter } from "../../limit/retry-after.ts"
import { fieldsOf, matches, textOf } from "../fault/judge.ts"
import type { FailedSpec, Scope } from "../spec/index.ts"

/** `null`: a rule says that it is no failure. */
export const faultOfElement = (spec: FailedSpec, scope: Scope, nowMs: number): Fault | null => {
  const item = scope["item"] ?? null
  const status = statusIn(item)
  const rule = spec.errors.find((each) => matches(each, status ?? null, scope))
  const usual = faultOfAnswer({ status: status ?? 400, headers: {}, body: problemIn(item) }, { safe: true, nowMs })
  // "invalid" is what a manifest says that says nothing: a status of the element's own knows better.
  const kind = rule?.class ?? (spec.class === "invalid" && status !== undefined && status >= 400 ? usual.class : spec.class)
  if (kind === "ok" || kind === "unchanged") return null
  const said = textOf(rule?.message ?? spec.message, scope) ?? usual.message.replace(/^The system answered \d+(: |\.$)/, "")
  const fields = fieldsOf(rule?.fields ?? spec.fields, scope) ?? usual.fields
  const existingId = textOf(rule?.existingId ?? spec.existingId, scope) ?? (kind === "duplicate" ? usual.existingId : undefined)
  const retryAfterMs = readRetryAfter(textOf(rule?.retryAfter ?? null, scope), undefined, nowMs)
  return {
    class: kind,
    message: said === "" ? "The system refuses this operation and does not say why." : excerpt(said),
    ...(status === undefined ? {} : { status }),
    ...(fields === undefined ? {} : { fields }),
    ...(existingId === undefined ? {} : { existingId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

const statusIn = (item: Json): number | undefined => {
  const status = isObject(item) ? (item["status"] ?? item["statusCode"] ?? item["httpStatusCode"]) : undefined
  return typeof status === "number" && status >= 100 && status < 600 ? status : undefined
}

/** Elements often hold the problem beside their reference. */
const problemIn = (item: Json): Json => (isObject(item) && isObject(item["problem"]) ? item["problem"] : item)
