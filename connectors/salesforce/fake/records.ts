// Records of a few objects: ids of 18 characters, a system time in whole seconds, a recycle bin, merges, and rules on values.
import { createHash } from "node:crypto"
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import type { Clock } from "@syncline/testkit/fake"

export interface Saved {
  readonly id: string
  readonly deleted: boolean
  readonly deletedAt: string | null
  readonly master: string | null
  readonly createdAt: string
  readonly modified: string
  /** Grows with every write. */
  readonly seq: number
  readonly fields: JsonObject
}

interface ObjectType {
  readonly prefix: string
  readonly required: readonly string[]
  readonly lengths: Readonly<Record<string, number>>
  /** Text fields that no two records share, whatever the case. */
  readonly unique: readonly string[]
  readonly flags: readonly string[]
  readonly others: readonly string[]
}

const ADDRESS = ["Street", "City", "State", "PostalCode", "Country"]
const prefixed = (prefix: string): string[] => ADDRESS.map((part) => prefix + part)

export const OBJECTS: Readonly<Record<string, ObjectType>> = {
  Contact: {
    prefix: "003",
    required: ["LastName"],
    lengths: { FirstName: 40, LastName: 80, Email: 80, Title: 128 },
    unique: ["Syncline_Key__c", "Badge__c"],
    flags: ["HasOptedOutOfEmail"],
    others: ["Phone", "MobilePhone", "Department", "AccountId", "Description", ...prefixed("Mailing")],
  },
  Lead: {
    prefix: "00Q",
    required: ["LastName", "Company"],
    lengths: { FirstName: 40, LastName: 80, Email: 80, Company: 255 },
    unique: [],
    flags: ["HasOptedOutOfEmail", "IsConverted"],
    others: ["Phone", "MobilePhone", "Title", "Status", "LeadSource", "ConvertedContactId", "Description", ...ADDRESS],
  },
  Account: {
    prefix: "001",
    required: ["Name"],
    lengths: { Name: 255 },
    unique: [],
    flags: [],
    others: ["Phone", "Website", "Industry", "NumberOfEmployees", "Description", ...prefixed("Billing")],
  },
}

export interface Problem {
  readonly statusCode: string
  readonly message: string
  readonly fields: readonly string[]
}
export type Result = { readonly id: string; readonly created?: boolean } | { readonly problem: Problem }

export interface Records {
  readonly all: (object: string) => readonly Saved[]
  readonly get: (object: string, id: string) => Saved | undefined
  readonly create: (object: string, input: JsonObject, at?: string) => Result
  readonly update: (object: string, id: string, input: JsonObject) => Result
  readonly upsert: (object: string, field: string, input: JsonObject) => Result
  readonly remove: (object: string, id: string) => Result
  readonly restore: (object: string, id: string) => void
  readonly merge: (object: string, id: string, into: string) => void
  readonly typeOf: (id: string) => string | null
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

const problem = (statusCode: string, message: string, fields: readonly string[] = []): Result => ({
  problem: { statusCode, message, fields },
})

export const fieldsOf = (object: string): readonly string[] => {
  const type = OBJECTS[object]
  return type === undefined ? [] : [...Object.keys(type.lengths), ...type.required, ...type.unique, ...type.flags, ...type.others]
}

export function createRecords(clock: Clock): Records {
  const tables = new Map(Object.keys(OBJECTS).map((name) => [name, new Map<string, Saved>()]))
  let made = 0
  let seq = 0
  const now = (): string => `${clock.iso().slice(0, 19)}.000+0000`
  const table = (object: string): Map<string, Saved> => tables.get(object) ?? new Map()

  const judge = (object: string, input: JsonObject, self: Saved | null): Result | null => {
    const type = OBJECTS[object]
    if (type === undefined) return problem("INVALID_TYPE", `sObject type '${object}' is not supported.`)
    const known = new Set(fieldsOf(object))
    for (const [field, value] of Object.entries(input)) {
      if (!known.has(field)) return problem("INVALID_FIELD", `No such column '${field}' on sobject of type ${object}`, [field])
      if (type.flags.includes(field) && typeof value !== "boolean")
        return problem("JSON_PARSER_ERROR", `Cannot deserialize instance of boolean from ${JSON.stringify(value)}`, [field])
      if (value === null) continue
      if (type.flags.includes(field)) continue
      if (typeof value === "object")
        return problem("JSON_PARSER_ERROR", `Cannot deserialize instance of string from ${JSON.stringify(value)}`, [field])
      const length = type.lengths[field]
      if (length !== undefined && String(value).length > length)
        return problem("STRING_TOO_LONG", `${field}: data value too large: (max length=${length})`, [field])
      if (field === "Email" && !EMAIL.test(String(value)))
        return problem("INVALID_EMAIL_ADDRESS", `Email: invalid email address: ${String(value)}`, ["Email"])
    }
    const after = { ...self?.fields, ...input }
    const missing = type.required.filter((field) => after[field] === undefined || after[field] === null || after[field] === "")
    if (missing.length > 0) return problem("REQUIRED_FIELD_MISSING", `Required fields are missing: [${missing.join(", ")}]`, missing)
    for (const field of type.unique) {
      const value = input[field]
      if (typeof value !== "string" || value === "") continue
      const other = [...table(object).values()].find(
        (each) => each !== self && !each.deleted && String(each.fields[field] ?? "").toLowerCase() === value.toLowerCase(),
      )
      if (other !== undefined)
        return problem("DUPLICATE_VALUE", `duplicate value found: ${field} duplicates value on record with id: ${other.id}`, [])
    }
    return null
  }
  /** Blanks are null, and texts lose the blanks at their ends. */
  const kept = (input: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(input).map(([field, value]): [string, Json] => {
        if (typeof value !== "string") return [field, value]
        const trimmed = value.trim()
        return [field, trimmed === "" ? null : field === "Email" ? trimmed.toLowerCase() : trimmed]
      }),
    )
  const save = (object: string, saved: Omit<Saved, "seq">): void => void table(object).set(saved.id, { ...saved, seq: (seq += 1) })

  const create = (object: string, given: JsonObject, at?: string): Result => {
    const input = kept(given)
    const wrong = judge(object, input, null)
    if (wrong !== null) return wrong
    const serial = createHash("md5")
      .update(String((made += 1)))
      .digest("hex")
      .slice(0, 9)
      .toUpperCase()
    const id = `${OBJECTS[object]?.prefix ?? "000"}5g0${serial}AAA`
    const blank = Object.fromEntries(
      fieldsOf(object).map((field): [string, Json] => [field, OBJECTS[object]?.flags.includes(field) === true ? false : null]),
    )
    save(object, {
      id,
      deleted: false,
      deletedAt: null,
      master: null,
      createdAt: at ?? now(),
      modified: at ?? now(),
      fields: { ...blank, ...input },
    })
    return { id, created: true }
  }
  const update = (object: string, id: string, given: JsonObject): Result => {
    const saved = table(object).get(id)
    if (saved === undefined) return problem("NOT_FOUND", "The requested resource does not exist")
    if (saved.deleted) return problem("ENTITY_IS_DELETED", "entity is deleted")
    const input = kept(given)
    const wrong = judge(object, input, saved)
    if (wrong !== null) return wrong
    save(object, { ...saved, modified: now(), fields: { ...saved.fields, ...input } })
    return { id }
  }
  return {
    all: (object) => [...table(object).values()],
    get: (object, id) => table(object).get(id),
    create,
    update,
    upsert(object, field, input) {
      const value = input[field]
      const found = [...table(object).values()].find((each) => !each.deleted && each.fields[field] === value)
      return found === undefined ? create(object, input) : update(object, found.id, input)
    },
    remove(object, id) {
      const saved = table(object).get(id)
      if (saved === undefined) return problem("NOT_FOUND", "The requested resource does not exist")
      if (saved.deleted) return problem("ENTITY_IS_DELETED", "entity is deleted")
      save(object, { ...saved, deleted: true, deletedAt: now(), modified: now() })
      return { id }
    },
    restore(object, id) {
      const saved = table(object).get(id)
      if (saved !== undefined) save(object, { ...saved, deleted: false, deletedAt: null, modified: now() })
    },
    merge(object, id, into) {
      const saved = table(object).get(id)
      if (saved !== undefined) save(object, { ...saved, deleted: true, deletedAt: now(), master: into, modified: now() })
    },
    typeOf: (id) => Object.keys(OBJECTS).find((name) => table(name).has(id)) ?? null,
  }
}

export const objectsIn = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((each: Json): each is JsonObject => isObject(each)) : []
