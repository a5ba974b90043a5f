// Collections with their items, and the log of what was done to them. `people` has keys that are UUIDs, also given by the
// caller; `companies` are counted by the database. `date_updated` is null until the first update.
import { randomUUID } from "node:crypto"
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { refused, type Clock } from "@syncline/testkit/fake"
import type { FieldType } from "./filter.ts"
import { problem } from "./problem.ts"

export interface Collection {
  readonly name: string
  readonly types: Readonly<Record<string, FieldType>>
  /** Unique beside the key. */
  readonly unique: string
  readonly items: Map<string, JsonObject>
}

export interface Activity {
  readonly id: number
  readonly action: "create" | "update" | "delete"
  readonly collection: string
  readonly item: string
  readonly timestamp: string
}

export interface World {
  collection(name: string): Collection | undefined
  readonly activity: readonly Activity[]
  /** `at` only for what is planted. Throws a refusal; then nothing was done. */
  create(collection: Collection, input: JsonObject, at?: { created: string; updated: string | null }): string
  update(collection: Collection, id: string, set: JsonObject): void
  delete(collection: Collection, id: string): void
  /** As the database's own tools delete: without a line in the log. */
  erase(collection: Collection, id: string): void
  /** All of it or nothing, as a transaction. */
  atomically<A>(work: () => A): A
}

const MAX_TEXT = 255
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const base = { date_created: "timestamp", date_updated: "timestamp" } as const

export function createWorld(clock: Clock): World {
  const collections = new Map<string, Collection>(
    [
      {
        name: "people",
        unique: "email",
        types: { id: "uuid", email: "string", name: "string", city: "string", tags: "json", score: "integer", ...base } as const,
      },
      {
        name: "companies",
        unique: "domain",
        types: { id: "integer", domain: "string", title: "string", city: "string", ...base } as const,
      },
    ].map((each) => [each.name, { ...each, items: new Map<string, JsonObject>() }]),
  )
  let activity: Activity[] = []
  let counted = 0

  const note = (action: Activity["action"], collection: Collection, item: string): void => {
    activity.push({ id: activity.length + 1, action, collection: collection.name, item, timestamp: clock.iso() })
  }
  const refuse = (code: string, message: string, collection: Collection, field: string) =>
    refused(400, problem(400, code, message, { collection: collection.name, field }).body)

  const judge = (collection: Collection, set: JsonObject, self: string | null): void => {
    for (const [field, value] of Object.entries(set)) {
      const type = collection.types[field]
      if (type === undefined) throw refused(403, problem(403, "FORBIDDEN", "You don't have permission to access this.").body)
      if (value === null) continue
      if (type === "string" && String(value).length > MAX_TEXT)
        throw refuse("VALUE_TOO_LONG", `Value for field "${field}" in collection "${collection.name}" is too long.`, collection, field)
      // what only the database refuses comes back as it said it
      if (type === "integer" && !Number.isInteger(Number(value)))
        throw refused(
          500,
          problem(
            500,
            "INTERNAL_SERVER_ERROR",
            `update "${collection.name}" set "${field}" = $1 - invalid input syntax for type integer: ${JSON.stringify(value)}`,
          ).body,
        )
    }
    const wanted = set[collection.unique]
    if (typeof wanted !== "string") return
    for (const [id, item] of collection.items)
      if (id !== self && item[collection.unique] === wanted)
        throw refuse(
          "RECORD_NOT_UNIQUE",
          `Value for field "${collection.unique}" in collection "${collection.name}" has to be unique.`,
          collection,
          collection.unique,
        )
  }

  /** A number in a text column becomes text. */
  const asKept = (collection: Collection, set: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.entries(set).map(([field, value]) => [field, collection.types[field] === "string" && value !== null ? String(value) : value]),
    )

  return {
    collection: (name) => collections.get(name),
    get activity() {
      return activity
    },
    create(collection, input, at) {
      const { id: given, ...set } = input
      judge(collection, set, null)
      const uuid = collection.types["id"] === "uuid"
      if (uuid && given !== undefined && !UUID.test(String(given)))
        throw refuse("INVALID_PAYLOAD", `Invalid payload. "${String(given)}" is not a valid UUID.`, collection, "id")
      const id = given === undefined || given === null ? (uuid ? randomUUID() : String((counted += 1))) : String(given).toLowerCase()
      if (collection.items.has(id))
        throw refuse("RECORD_NOT_UNIQUE", `Value for field "id" in collection "${collection.name}" has to be unique.`, collection, "id")
      const blank = Object.fromEntries(Object.keys(collection.types).map((field): [string, Json] => [field, null]))
      const created = at?.created ?? clock.iso()
      collection.items.set(id, {
        ...blank,
        ...asKept(collection, set),
        id: uuid ? id : Number(id),
        date_created: created,
        date_updated: at?.updated ?? null,
      })
      if (at === undefined) note("create", collection, id)
      return id
    },
    update(collection, id, set) {
      const item = collection.items.get(id)
      if (item === undefined) return
      judge(collection, set, id)
      collection.items.set(id, { ...item, ...asKept(collection, set), id: item["id"] ?? id, date_updated: clock.iso() })
      note("update", collection, id)
    },
    delete(collection, id) {
      if (collection.items.delete(id)) note("delete", collection, id)
    },
    erase: (collection, id) => void collection.items.delete(id),
    atomically(work) {
      const before = [...collections.values()].map((collection) => [collection, new Map(collection.items)] as const)
      const log = [...activity]
      try {
        return work()
      } catch (error) {
        for (const [collection, items] of before) {
          collection.items.clear()
          for (const [id, item] of items) collection.items.set(id, item)
        }
        activity = log
        throw error
      }
    },
  }
}

export const objectsIn = (body: Json): readonly JsonObject[] | null =>
  Array.isArray(body) ? body.filter((each: Json): each is JsonObject => isObject(each)) : null
