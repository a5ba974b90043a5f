// One contact of a seed: the API's own shape, with what the server normally owns (id, times, revision) given or left out.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { complete, faultsOf, withDefaults } from "../contact/document.ts"
import { isoOf } from "../contact/text.ts"
import { readOnlyFields, type FieldRules } from "../contact/schema-rules.ts"
import { leafPaths } from "../protocol/compare.ts"
import type { NewContact } from "../store/contact-writer.ts"

/** Says where a seed is wrong: the file, the row (1 is the first contact) and the field. */
export class SeedError extends Error {
  readonly row: number | null
  readonly field: string | null
  constructor(source: string, row: number | null, field: string | null, message: string) {
    super(`${source}${row === null ? "" : `, row ${row}`}${field === null ? "" : `, field ${field}`}: ${message}`)
    this.name = "SeedError"
    this.row = row
    this.field = field
  }
}

const maxIdLength = 200

/** Epoch ms of an ISO 8601 instant or of a number; NaN for anything else. */
const msOf = (value: Json): number => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : Number.NaN
  if (typeof value !== "string") return Number.NaN
  if (/^\d{11,15}$/.test(value)) return Number(value)
  return /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN
}

/** Checks one seed row and completes it into a contact that can be stored. Throws a SeedError. */
export const seedContact = (row: JsonObject, rowNumber: number, source: string, rules: FieldRules, now: number): NewContact => {
  const fail = (field: string | null, message: string): never => {
    throw new SeedError(source, rowNumber, field, message)
  }
  const time = (name: string, fallback: number): number => {
    const given = row[name]
    if (given === undefined || given === null) return fallback
    const ms = msOf(given)
    return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? ms : fail(name, "must be an ISO 8601 instant or epoch milliseconds")
  }
  const id = row["id"]
  if (id !== undefined && id !== null && !(typeof id === "string" && id !== "" && id.length <= maxIdLength))
    fail("id", `must be text of 1 to ${maxIdLength} characters`)
  const revision = row["revision"] ?? 1
  if (typeof revision !== "number" || !Number.isSafeInteger(revision) || revision < 1)
    return fail("revision", "must be a whole number above 0")

  const own = Object.fromEntries(Object.entries(row).filter(([name]) => !readOnlyFields.includes(name)))
  const fault = faultsOf(own, rules)[0]
  if (fault) return fail(fault.path, fault.message)
  const document = complete(withDefaults(own, rules), rules)

  const given = row["created_at"] ?? row["updated_at"]
  const createdAt = given === row["created_at"] ? time("created_at", now) : time("updated_at", now)
  const updatedAt = time("updated_at", createdAt)
  if (updatedAt < createdAt) fail("updated_at", "is before created_at")
  const times = row["field_times"] ?? {}
  if (!isObject(times)) return fail("field_times", "must be an object of path and instant")
  const at = isoOf(updatedAt)
  const fieldTimes = Object.fromEntries(leafPaths(document).map((path) => [path, at]))
  for (const [path, value] of Object.entries(times)) {
    const ms = msOf(value)
    if (!Number.isFinite(ms)) fail(`field_times.${path}`, "must be an ISO 8601 instant or epoch milliseconds")
    fieldTimes[path] = isoOf(ms)
  }
  return { ...(typeof id === "string" ? { id } : {}), document, fieldTimes, createdAt, updatedAt, revision }
}
