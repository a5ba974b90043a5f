// Writes contacts through the batch endpoint. Every operation gets exactly one outcome; what the answer does not say for
// certain is `unknown`.
import {
  FaultError,
  faultOfAnswer,
  isObject,
  type CallOptions,
  type Fault,
  type HttpClient,
  type Json,
  type JsonObject,
  type Op,
  type Outcome,
} from "@syncline/connector"
import { contactOf, tagOf } from "./contact.ts"
import { maxBatch } from "./describe.ts"

const operationOf = (op: Op): JsonObject => ({
  ref: op.ref,
  op: op.kind,
  ...(op.id === null ? {} : { id: op.id }),
  // a create has no version to guard, but must not happen twice
  ...(op.kind === "create" ? { idempotency_key: op.idempotencyKey } : op.version === undefined ? {} : { if_match: tagOf(op.version) }),
  ...(op.kind === "delete" ? {} : { data: op.set }),
})

const unknown = (op: Op, message: string, status?: number): Outcome => ({
  ref: op.ref,
  status: "unknown",
  fault: { class: "unknown", message, ...(status === undefined ? {} : { status }) },
})

/** Whether a 412 means that the contact is not there at all, and if so, whether it was deleted. */
const absenceIn = (problem: JsonObject): "gone" | "notFound" | null => {
  if (problem["current"] !== null) return null
  return problem["gone"] === true ? "gone" : "notFound"
}

const refusal = (op: Op, status: number, problem: JsonObject): Outcome => {
  // per operation the server knows what it did not do, so nothing is in doubt: hence `safe`
  const fault: Fault = faultOfAnswer({ status, headers: {}, body: problem }, { safe: true, nowMs: 0 })
  const missing = status === 412 ? absenceIn(problem) : fault.class === "gone" || fault.class === "notFound" ? fault.class : null
  // what is not there need not be deleted
  if (missing && op.kind === "delete" && op.id !== null) return { ref: op.ref, status: "applied", id: op.id }
  return { ref: op.ref, status: "failed", fault: missing ? { ...fault, class: missing } : fault }
}

const outcomeOf = (op: Op, result: Json | undefined): Outcome => {
  if (!isObject(result)) return unknown(op, "The CRM's answer says nothing about this operation")
  const { status, id, contact, problem } = result
  if (typeof status === "number" && status >= 400 && isObject(problem)) return refusal(op, status, problem)
  if (typeof status !== "number" || status < 200 || status > 299 || typeof id !== "string" || (op.id !== null && id !== op.id))
    return unknown(op, "The CRM's answer about this operation makes no sense")
  if (op.kind === "delete") return { ref: op.ref, status: "applied", id }
  const upsert = contactOf(contact)
  if (!upsert || upsert.id !== id) return unknown(op, "The CRM's answer lacks the contact it wrote")
  const { version, at, item, fieldTimes } = upsert
  return {
    ref: op.ref,
    status: "applied",
    id,
    item,
    ...(version === undefined ? {} : { version }),
    ...(at === undefined ? {} : { at }),
    ...(fieldTimes === undefined ? {} : { fieldTimes }),
  }
}

/** Results by the reference they echo; one that comes twice is no answer. */
const resultsByRef = (results: readonly Json[]): Map<string, Json> => {
  const byRef = new Map<string, Json>()
  for (const result of results) {
    const ref = isObject(result) ? result["ref"] : undefined
    if (typeof ref === "string") byRef.set(ref, byRef.has(ref) ? null : result)
  }
  return byRef
}

const pushBatch = async (http: HttpClient, ops: readonly Op[], options: CallOptions): Promise<Outcome[]> => {
  let answer: { readonly status: number; readonly body: Json }
  try {
    answer = await http.request({
      method: "POST",
      path: "/contacts/batch",
      json: { operations: ops.map(operationOf) },
      accept: [500, 502, 503, 504],
      ...options,
    })
  } catch (error) {
    if (error instanceof FaultError && error.fault.class === "unknown")
      return ops.map((op) => ({ ref: op.ref, status: "unknown", fault: error.fault }))
    throw error
  }
  const { status, body } = answer
  if (status >= 500) return ops.map((op) => unknown(op, `The CRM answered ${status} to the whole batch`, status))
  const results = isObject(body) ? body["results"] : undefined
  if (!Array.isArray(results)) return ops.map((op) => unknown(op, "The CRM's answer to the batch makes no sense", status))
  const byRef = resultsByRef(results)
  return ops.map((op) => outcomeOf(op, byRef.get(op.ref)))
}

export const push = async (http: HttpClient, ops: readonly Op[], options: CallOptions): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = []
  for (let at = 0; at < ops.length; at += maxBatch) {
    const batch = ops.slice(at, at + maxBatch)
    try {
      outcomes.push(...(await pushBatch(http, batch, options)))
    } catch (error) {
      // an earlier batch of this call was carried out, so the call as a whole must answer
      if (at === 0 || !(error instanceof FaultError)) throw error
      const { fault } = error
      outcomes.push(...ops.slice(at).map((op): Outcome => ({ ref: op.ref, status: "failed", fault })))
      return outcomes
    }
  }
  return outcomes
}
