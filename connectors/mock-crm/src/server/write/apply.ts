// Carries out one operation: idempotency key, then existence, then preconditions, then validation, then the write, as
// RFC 9110 orders them. Runs inside the caller's transaction and writes nothing unless it succeeds.
import { mergePatch, type JsonObject } from "@syncline/connector"
import { asDocument, complete, emailKeyOf, faultsOf, withDefaults } from "../contact/document.ts"
import { contactText, isoOf } from "../contact/text.ts"
import { tagOfRevision } from "../protocol/etag.ts"
import { changedPaths, leafPaths } from "../protocol/compare.ts"
import { judge } from "../protocol/precondition.ts"
import { Problem } from "../protocol/problem.ts"
import type { ContactRow } from "../store/contact-reader.ts"
import { hashOf } from "../store/idempotency.ts"
import type { Store } from "../store/store.ts"
import type { Operation, OperationResult } from "./operation.ts"

type Applied = Extract<OperationResult, { ok: true }>

const answer = (status: 200 | 201, row: ContactRow, changed: boolean): Applied => ({
  ok: true,
  status,
  id: row.id,
  etag: tagOfRevision(row.revision),
  contact: contactText(row),
  changed,
  replayed: false,
})

const checkUnique = (store: Store, document: JsonObject, own: string | null): void => {
  const key = emailKeyOf(document["email"])
  if (key === null) return
  const other = store.contacts.byEmailKeys([key], 2).find((row) => row.id !== own)
  if (other)
    throw new Problem(409, "duplicate", "Another contact has this e-mail address", {
      existing_id: other.id,
      errors: [{ path: "email", message: "is taken" }],
    })
}

const checkFields = (store: Store, data: JsonObject): void => {
  const errors = faultsOf(data, store.rules())
  if (errors.length > 0) throw new Problem(422, "invalid-contact", `${errors[0]?.path}: ${errors[0]?.message}`, { errors })
}

const create = (store: Store, operation: Extract<Operation, { op: "create" }>, unique: boolean): Applied => {
  const given = asDocument(operation.data)
  checkFields(store, given)
  const rules = store.rules()
  const document = complete(withDefaults(given, rules), rules)
  if (unique) checkUnique(store, document, null)
  const now = store.clock.now()
  const at = isoOf(now)
  const fieldTimes = Object.fromEntries(leafPaths(document).map((path) => [path, at]))
  return answer(201, store.writer.insert({ document, fieldTimes, createdAt: now, updatedAt: now, revision: 1 }, now), true)
}

/** The contact an operation aims at, once its preconditions hold. */
const target = (store: Store, { id, preconditions }: Extract<Operation, { id: string }>): ContactRow => {
  const row = store.contacts.byId(id)
  const gone = !row && store.contacts.tombstone(id) !== undefined
  const verdict = judge(preconditions, row ? tagOfRevision(row.revision) : null)
  if (verdict !== "go")
    throw new Problem(412, "precondition-failed", row ? "The contact has another entity tag" : "There is no such contact", {
      current: row ? { id, etag: tagOfRevision(row.revision), revision: row.revision } : null,
      gone,
    })
  if (!row) throw missing(id, gone)
  return row
}

export const missing = (id: string, gone: boolean): Problem =>
  gone ? new Problem(410, "gone", "The contact was deleted", { id }) : new Problem(404, "not-found", "There is no such contact", { id })

const update = (store: Store, operation: Extract<Operation, { op: "update" }>, unique: boolean): Applied => {
  const row = target(store, operation)
  const patch = asDocument(operation.data)
  checkFields(store, patch)
  const before: JsonObject = JSON.parse(row.data)
  const after = complete(asDocument(mergePatch(before, patch)), store.rules())
  const paths = changedPaths(before, after)
  if (paths.length === 0) return answer(200, row, false)
  if (unique && paths.includes("email")) checkUnique(store, after, row.id)
  // a clock that was set back must not make a later revision look older
  const now = Math.max(store.clock.now(), row.updated_at)
  const times: Record<string, string> = JSON.parse(row.field_times)
  const at = isoOf(now)
  for (const path of paths) times[path] = at
  return answer(200, store.writer.update(row, after, times, now), true)
}

const remove = (store: Store, operation: Extract<Operation, { op: "delete" }>): Applied => {
  const row = target(store, operation)
  store.writer.remove(row, store.clock.now())
  return { ok: true, status: 204, id: row.id, etag: null, contact: null, changed: true, replayed: false }
}

const carryOut = (store: Store, operation: Operation, unique: boolean): Applied => {
  switch (operation.op) {
    case "create":
      return create(store, operation, unique)
    case "update":
      return update(store, operation, unique)
    case "delete":
      return remove(store, operation)
  }
}

export const applyOperation = (store: Store, operation: Operation, unique: boolean): OperationResult => {
  const { idempotencyKey: key, ...request } = operation
  try {
    if (key === null) return carryOut(store, operation, unique)
    const hash = hashOf(request)
    const now = store.clock.now()
    const earlier = store.idempotency.recall(`op:${key}`, hash, now)
    if (earlier.known) {
      if (!earlier.same) throw new Problem(422, "idempotency-key-reused", "The idempotency key was used with another body")
      const result: Applied = JSON.parse(earlier.result)
      return { ...result, changed: false, replayed: true }
    }
    const result = carryOut(store, operation, unique)
    store.idempotency.keep(`op:${key}`, hash, JSON.stringify(result), now)
    return result
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error.body }
    throw error
  }
}
