// What a caller sends, turned into what the platform keeps: addresses lower-cased, names trimmed, tags cut at 50 characters.
// Enters JSON of any shape, leaves clean values or the first problem with the field it is about.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { addressProblem, normaliseAddress } from "./address.ts"
import { isStatus, statuses, type Status } from "./member.ts"
import { isFieldName, trimmedFields, type MergeSchema } from "./merge-schema.ts"
import type { Problem } from "./problem.ts"

export interface Input {
  readonly address?: string
  readonly status?: Status
  readonly statusIfNew?: Status
  readonly mergeFields?: Readonly<Record<string, string>>
  readonly tags?: readonly string[]
}

export type Accepted = { readonly input: Input } | { readonly problem: Problem }

export const maxLength = 255
export const maxTagLength = 50
export const maxTags = 100

const invalid = (field: string, message: string): { problem: Problem } => ({ problem: { code: "invalid_field", field, message } })

// By characters as people count them, so that no letter outside the basic plane is cut in two.
export const cutTag = (tag: string): string => (tag.length <= maxTagLength ? tag : Array.from(tag).slice(0, maxTagLength).join(""))

/** Sent back by callers who edit what they have read; ignored. */
const readOnly = new Set(["id", "contact_id", "last_changed"])
const writable = new Set(["email_address", "status", "status_if_new", "merge_fields", "tags"])

const acceptMergeFields = (value: Json, schema: MergeSchema): { fields: Record<string, string> } | { problem: Problem } => {
  if (!isObject(value)) return invalid("merge_fields", "merge_fields is an object of texts")
  const fields: Record<string, string> = {}
  for (const [name, given] of Object.entries(value)) {
    const field = `merge_fields.${name}`
    if (!isFieldName(name)) return invalid(field, "a merge field's name has letters, digits and _, and begins with a letter")
    if (schema.removed.includes(name)) return { problem: { code: "unknown_field", field, message: `this list has no merge field ${name}` } }
    if (typeof given !== "string") return invalid(field, "a merge field is a text; send an empty one to clear it")
    const text = trimmedFields.has(name) ? given.trim() : given
    if (text.length > maxLength) return invalid(field, `a merge field has at most ${maxLength} characters`)
    fields[name] = text
  }
  return { fields }
}

const acceptTags = (value: Json): { tags: string[] } | { problem: Problem } => {
  if (!Array.isArray(value)) return invalid("tags", "tags is a list of texts")
  const tags = new Set<string>()
  for (const tag of value) {
    if (typeof tag !== "string") return invalid("tags", "tags is a list of texts")
    if (tag !== "") tags.add(cutTag(tag))
  }
  if (tags.size > maxTags) return invalid("tags", `a member has at most ${maxTags} tags`)
  return { tags: [...tags] }
}

export const accept = (body: Json, schema: MergeSchema, alsoAllowed: ReadonlySet<string> = readOnly): Accepted => {
  if (!isObject(body)) return { problem: { code: "invalid_request", message: "a member is a JSON object" } }
  const unknown = Object.keys(body).find((key) => !writable.has(key) && !readOnly.has(key) && !alsoAllowed.has(key))
  if (unknown !== undefined) return { problem: { code: "unknown_field", field: unknown, message: `a member has no field ${unknown}` } }
  return acceptKnown(body, schema)
}

const acceptKnown = (body: JsonObject, schema: MergeSchema): Accepted => {
  const { email_address: rawAddress, status, status_if_new: statusIfNew, merge_fields: rawFields, tags: rawTags } = body
  let input: Input = {}
  if (rawAddress !== undefined) {
    const address = typeof rawAddress === "string" ? normaliseAddress(rawAddress) : ""
    const message = addressProblem(address)
    if (message !== null) return { problem: { code: "invalid_address", field: "email_address", message } }
    input = { ...input, address }
  }
  if (status !== undefined) {
    if (!isStatus(status)) return invalid("status", `status is one of ${statuses.join(", ")}`)
    input = { ...input, status }
  }
  if (statusIfNew !== undefined) {
    if (!isStatus(statusIfNew)) return invalid("status_if_new", `status_if_new is one of ${statuses.join(", ")}`)
    input = { ...input, statusIfNew }
  }
  if (rawFields !== undefined) {
    const result = acceptMergeFields(rawFields, schema)
    if ("problem" in result) return result
    input = { ...input, mergeFields: result.fields }
  }
  if (rawTags !== undefined) {
    const result = acceptTags(rawTags)
    if ("problem" in result) return result
    input = { ...input, tags: result.tags }
  }
  return { input }
}
