// Schema changes as data: what becomes of the rules and of one document when a field is removed, renamed or retyped.
import type { Json, JsonObject } from "@syncline/connector"
import { Problem } from "../protocol/problem.ts"
import { readOnlyFields, type FieldRules, type FieldType } from "./schema-rules.ts"

export type SchemaChange =
  | { readonly kind: "remove"; readonly field: string }
  | { readonly kind: "rename"; readonly field: string; readonly to: string }
  | { readonly kind: "retype"; readonly field: string; readonly to: FieldType }

const types: readonly FieldType[] = ["string", "number", "boolean", "object", "list", "any"]

const bad = (path: string, message: string): Problem =>
  new Problem(422, "invalid-request", `${path} ${message}`, { errors: [{ path, message }] })

const fieldName = (value: unknown, path: string): string => {
  if (typeof value !== "string" || value === "" || value === "__proto__" || readOnlyFields.includes(value))
    throw bad(path, "must name a field of contacts")
  return value
}

/** Reads `{ remove: "phone" }`, `{ rename: { field, to } }` or `{ retype: { field, to } }`. */
export const parseSchemaChange = (input: unknown): SchemaChange => {
  const entries = typeof input === "object" && input !== null ? Object.entries(input) : []
  const [kind, value]: [string, unknown] = entries.length === 1 && entries[0] ? entries[0] : ["", null]
  if (kind === "remove") return { kind, field: fieldName(value, "remove") }
  if ((kind !== "rename" && kind !== "retype") || typeof value !== "object" || value === null)
    throw bad("body", "must hold one of remove, rename, retype")
  const { field, to }: { field?: unknown; to?: unknown } = value
  if (kind === "rename") return { kind, field: fieldName(field, "rename.field"), to: fieldName(to, "rename.to") }
  const type = types.find((one) => one === to)
  if (!type) throw bad("retype.to", `must be one of ${types.join(", ")}`)
  return { kind, field: fieldName(field, "retype.field"), to: type }
}

export const changedRules = (rules: FieldRules, change: SchemaChange): FieldRules => {
  const { [change.field]: type, ...others } = rules.fields
  switch (change.kind) {
    case "remove":
      return { fields: others, removed: [...new Set([...rules.removed, change.field])] }
    case "rename":
      return {
        fields: { ...others, [change.to]: type ?? "any" },
        removed: [...new Set([...rules.removed, change.field])].filter((name) => name !== change.to),
      }
    case "retype":
      return { fields: { ...rules.fields, [change.field]: change.to }, removed: rules.removed.filter((name) => name !== change.field) }
  }
}

const converted = (value: Json, type: FieldType): Json => {
  if (value === null || type === "any") return value
  switch (type) {
    case "string":
      return typeof value === "string" ? value : JSON.stringify(value)
    case "number": {
      const digits = typeof value === "string" ? value.replace(/[^\d.-]/g, "") : ""
      return typeof value === "number" ? value : digits !== "" && Number.isFinite(Number(digits)) ? Number(digits) : null
    }
    case "boolean":
      return typeof value === "boolean" ? value : value === "true" || value === 1
    case "object":
      return typeof value === "object" && !Array.isArray(value) ? value : { value }
    case "list":
      return Array.isArray(value)
        ? value.map((one: Json) => (typeof one === "string" ? one : JSON.stringify(one)))
        : [typeof value === "string" ? value : JSON.stringify(value)]
  }
}

/** The document after the change; the same object if it is not touched. */
export const changedDocument = (document: JsonObject, change: SchemaChange): JsonObject => {
  if (!Object.hasOwn(document, change.field)) return document
  const { [change.field]: value = null, ...rest } = document
  switch (change.kind) {
    case "remove":
      return rest
    case "rename":
      return { ...rest, [change.to]: value }
    case "retype":
      return { ...document, [change.field]: converted(value, change.to) }
  }
}

/** Modified times follow a renamed field and leave with a removed one. */
export const changedTimes = (times: Readonly<Record<string, string>>, change: SchemaChange): Record<string, string> => {
  if (change.kind === "retype") return { ...times }
  return Object.fromEntries(
    Object.entries(times).flatMap(([path, at]) => {
      if (path !== change.field && !path.startsWith(`${change.field}.`)) return [[path, at]]
      return change.kind === "rename" ? [[change.to + path.slice(change.field.length), at]] : []
    }),
  )
}
