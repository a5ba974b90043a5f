// POST /contacts/batch: up to 100 creates, updates and deletes in one transaction. Each stands for itself: one that is
// refused does not hold up the others, and results come in the order of the operations.
import type { FastifyInstance } from "fastify"
import { maxBatch } from "../options.ts"
import { preconditionsOf } from "../protocol/precondition.ts"
import { Problem, problemBody, type ProblemBody } from "../protocol/problem.ts"
import { hashOf } from "../store/idempotency.ts"
import { applyOperation } from "../write/apply.ts"
import type { Operation, OperationResult } from "../write/operation.ts"
import type { RouteContext } from "./context.ts"
import { numberSetting, type FaultOrder } from "../fault/order.ts"
import { checkKey, idempotencyKeyOf } from "./idempotency-key.ts"

type Fields = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value)

const invalid = (path: string, message: string): Problem =>
  new Problem(422, "invalid-request", `${path} ${message}`, { errors: [{ path, message }] })

const optionalText = (input: Fields, name: string): string | undefined => {
  const value = input[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== "string") throw invalid(name, "must be text")
  return value
}

const parseOperation = (input: unknown): Operation => {
  if (!isRecord(input)) throw invalid("operation", "must be an object")
  const key = optionalText(input, "idempotency_key")
  const rest = {
    idempotencyKey: key === undefined ? null : checkKey(key),
    preconditions: preconditionsOf({ "if-match": optionalText(input, "if_match") }),
  }
  if (input["op"] === "create") return { op: "create", data: input["data"], ...rest }
  const id = optionalText(input, "id")
  if (input["op"] !== "update" && input["op"] !== "delete") throw invalid("op", "must be create, update or delete")
  if (id === undefined) throw invalid("id", "is needed")
  return input["op"] === "update" ? { op: "update", id, data: input["data"], ...rest } : { op: "delete", id, ...rest }
}

const refused = (problem: ProblemBody): OperationResult => ({ ok: false, problem })

const resultText = (index: number, input: unknown, result: OperationResult): string => {
  const ref = isRecord(input) && typeof input["ref"] === "string" ? `,"ref":${JSON.stringify(input["ref"])}` : ""
  if (!result.ok) return `{"index":${index}${ref},"status":${result.problem.status},"problem":${JSON.stringify(result.problem)}}`
  const parts = [`"index":${index}${ref}`, `"status":${result.status}`, `"id":${JSON.stringify(result.id)}`]
  if (result.etag !== null) parts.push(`"etag":${JSON.stringify(result.etag)}`)
  if (result.replayed) parts.push('"replayed":true')
  if (result.contact !== null) parts.push(`"contact":${result.contact}`)
  return `{${parts.join(",")}}`
}

const hit = (order: FaultOrder | null, setting: string, index: number): boolean => {
  const every = order ? numberSetting(order, setting, 0) : 0
  return every > 0 && (index + 1) % every === 0
}

export const batchContacts = (app: FastifyInstance, context: RouteContext): void => {
  const { store, injector, uniqueEmail } = context

  app.post("/contacts/batch", (request, reply) => {
    const inputs: unknown = isRecord(request.body) ? request.body["operations"] : undefined
    if (!Array.isArray(inputs) || inputs.length === 0) throw invalid("operations", "must be a list with at least one operation")
    if (inputs.length > maxBatch) throw invalid("operations", `may hold at most ${maxBatch} operations`)
    reply.type("application/json; charset=utf-8")

    const key = idempotencyKeyOf(request)
    const hash = key === null ? "" : hashOf(inputs)
    const earlier = key === null ? null : store.idempotency.recall(`batch:${key}`, hash, store.clock.now())
    if (earlier?.known) {
      if (!earlier.same) throw new Problem(422, "idempotency-key-reused", "The idempotency key was used with another body")
      return reply.header("idempotent-replayed", "true").send(earlier.result)
    }

    const fault = injector.take("partial-batch", request)
    // without settings a partial batch fails every second operation
    const failing = fault && Object.keys(fault.settings).length === 0 ? { ...fault, settings: { fail_every: 2 } } : fault
    const apply = (input: unknown, index: number): OperationResult => {
      if (hit(failing, "fail_every", index)) return refused(problemBody(503, "unavailable", "This operation was not carried out"))
      try {
        const operation = parseOperation(input)
        if (operation.op !== "create") request.trace.ids.add(operation.id)
        return applyOperation(store, operation, uniqueEmail)
      } catch (error) {
        if (error instanceof Problem) return refused(error.body)
        throw error
      }
    }
    const body = store.db
      .transaction(() => {
        const texts: string[] = []
        for (const [index, input] of inputs.entries()) {
          const result = apply(input, index)
          if (result.ok) {
            request.trace.ids.add(result.id)
            if (result.changed) request.trace.changed += 1
          }
          if (!hit(failing, "drop_every", index)) texts.push(resultText(index, input, result))
        }
        if (failing?.settings["shuffle"] === true) texts.reverse()
        const text = `{"results":[${texts.join(",")}]}`
        if (key !== null) store.idempotency.keep(`batch:${key}`, hash, text, store.clock.now())
        return text
      })
      .immediate()
    return reply.send(body)
  })
}
