// The contacts of a location: no two with one address or number, names trimmed, addresses and tags in lower case.
import { createHash } from "node:crypto"
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { createTable, refused, type Clock, type Row } from "@syncline/testkit/fake"

export interface Contacts {
  readonly find: (id: string) => Row<JsonObject> | undefined
  readonly byEmail: (email: string) => Row<JsonObject> | undefined
  /** As the search index shows them, which is behind. */
  readonly indexed: () => readonly Row<JsonObject>[]
  readonly all: () => readonly Row<JsonObject>[]
  readonly add: (input: JsonObject, at?: number) => Row<JsonObject>
  readonly edit: (row: Row<JsonObject>, input: JsonObject) => Row<JsonObject>
  readonly remove: (row: Row<JsonObject>) => void
  readonly tag: (row: Row<JsonObject>, tags: readonly string[], on: boolean) => Row<JsonObject>
}

const FIELDS = [
  "firstName",
  "lastName",
  "email",
  "phone",
  "companyName",
  "website",
  "address1",
  "city",
  "state",
  "postalCode",
  "country",
  "source",
  "dnd",
  "tags",
]
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
export const INDEX_LAG_MS = 5_000

export const problem = (statusCode: number, message: string, more: JsonObject = {}) =>
  refused(statusCode, { statusCode, message, traceId: "00000000-0000-4000-8000-000000000000", ...more })

export const tagsIn = (value: Json | undefined): readonly string[] =>
  Array.isArray(value) ? [...new Set(value.map((each: Json) => String(each).trim().toLowerCase()).filter((each) => each !== ""))] : []

export function createContacts(clock: Clock): Contacts {
  const table = createTable<JsonObject>({ clock })
  let made = 0

  const kept = (input: JsonObject, self: string | null): JsonObject => {
    const set: Record<string, Json> = {}
    for (const [field, value] of Object.entries(input)) {
      if (field === "locationId") continue
      if (!FIELDS.includes(field)) throw problem(422, `property ${field} should not exist`, { error: "Unprocessable Entity" })
      if (field === "dnd") {
        if (typeof value !== "boolean" && value !== null)
          throw problem(422, "dnd must be a boolean value", { error: "Unprocessable Entity" })
        set[field] = value === true
      } else if (field === "tags") set[field] = tagsIn(value)
      else if (value !== null && typeof value !== "string")
        throw problem(422, `${field} must be a string`, { error: "Unprocessable Entity" })
      else if (value === null || value.trim() === "") set[field] = null
      else set[field] = field === "email" ? value.trim().toLowerCase() : field.endsWith("Name") ? value.trim() : value
    }
    const { email, phone } = set
    if (typeof email === "string" && !EMAIL.test(email)) throw problem(422, "email must be an email", { error: "Unprocessable Entity" })
    for (const [field, value] of [
      ["email", email],
      ["phone", phone],
    ] as const) {
      const other = typeof value === "string" ? table.all().find((row) => row.id !== self && row.item[field] === value) : undefined
      if (other !== undefined)
        throw problem(400, "This location does not allow duplicated contacts.", {
          meta: { contactId: other.id, contactName: String(other.item["firstName"] ?? ""), matchingField: field },
        })
    }
    return set
  }
  const blank = Object.fromEntries(FIELDS.map((field): [string, Json] => [field, field === "dnd" ? false : field === "tags" ? [] : null]))
  return {
    find: (id) => table.get(id),
    byEmail: (email) => table.all().find((row) => row.item["email"] === email.trim().toLowerCase()),
    indexed: () => table.asSeen(INDEX_LAG_MS),
    all: () => table.all(),
    add(input, at) {
      const set = kept(input, null)
      const id = createHash("sha256")
        .update(String((made += 1)))
        .digest("base64url")
        .replaceAll(/[-_]/g, "x")
        .slice(0, 20)
      return table.put(id, { ...blank, ...set }, at)
    },
    edit: (row, input) => table.put(row.id, { ...row.item, ...kept(input, row.id) }),
    remove: (row) => void table.remove(row.id),
    tag(row, tags, on) {
      const before = tagsIn(row.item["tags"])
      const after = on ? [...new Set([...before, ...tags])] : before.filter((tag) => !tags.includes(tag))
      return table.put(row.id, { ...row.item, tags: after })
    },
  }
}

export const show = (row: Row<JsonObject>, location: string): JsonObject => ({
  id: row.id,
  locationId: location,
  ...row.item,
  dateAdded: new Date(row.createdAt).toISOString(),
  dateUpdated: new Date(row.updatedAt).toISOString(),
})

export const objectIn = (body: Json): JsonObject => (isObject(body) ? body : {})
