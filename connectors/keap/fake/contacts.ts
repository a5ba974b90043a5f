// The contacts and tags of a Keap application: addresses and numbers in named slots, tags by id, duplicates allowed.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { createTable, refused, type Clock, type Row } from "@syncline/testkit/fake"

export interface Keap {
  readonly find: (id: string) => Row<JsonObject> | undefined
  readonly all: () => readonly Row<JsonObject>[]
  /** As the API takes it. */
  readonly add: (input: JsonObject, at?: number) => Row<JsonObject>
  readonly edit: (row: Row<JsonObject>, input: JsonObject) => Row<JsonObject>
  readonly remove: (row: Row<JsonObject>) => void
  readonly tags: () => readonly Tag[]
  /** Makes it where there is none of that name. */
  readonly tagNamed: (name: string) => Tag
  readonly tag: (row: Row<JsonObject>, id: string, on: boolean) => void
  readonly tagsOf: (row: Row<JsonObject>) => readonly Tag[]
}

export interface Tag {
  readonly id: string
  readonly name: string
}

const TEXTS = ["given_name", "family_name", "job_title"]
const SLOTS: Readonly<Record<string, readonly string[]>> = {
  email_addresses: ["EMAIL1", "EMAIL2", "EMAIL3"],
  phone_numbers: ["PHONE1", "PHONE2", "PHONE3", "PHONE4", "PHONE5"],
}
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

export const problem = (status: number, message: string) => refused(status, { code: status === 404 ? 5 : 3, message, details: [] })

export const objectIn = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
export const listIn = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

export function createKeap(clock: Clock): Keap {
  const table = createTable<JsonObject>({ clock })
  const tags: Tag[] = []
  let made = 100

  const slots = (name: string, value: Json): Json => {
    const taken = new Set<string>()
    return listIn(value).map((each: Json) => {
      const entry = objectIn(each)
      const field = String(entry["field"])
      if (SLOTS[name]?.includes(field) !== true || taken.has(field)) throw problem(400, `${name}: ${field} is no field of its own`)
      taken.add(field)
      if (name === "email_addresses" && !EMAIL.test(String(entry["email"])))
        throw problem(400, `Invalid email address: ${String(entry["email"])}`)
      return name === "email_addresses" ? { opt_in_reason: "", is_opt_in: false, ...entry } : entry
    })
  }
  const kept = (input: JsonObject): JsonObject => {
    const set: Record<string, Json> = {}
    for (const [field, value] of Object.entries(input)) {
      if (field in SLOTS) set[field] = slots(field, value)
      else if (field === "company") set[field] = value
      else if (!TEXTS.includes(field)) throw problem(400, `Unknown field: ${field}`)
      else if (value !== null && typeof value !== "string") throw problem(400, `${field} must be a string`)
      else set[field] = value === "" ? null : value
    }
    return set
  }
  const tagIds = (row: Row<JsonObject>): readonly string[] => listIn(row.item["tag_ids"]).map(String)
  return {
    find: (id) => table.get(id),
    all: () => table.all(),
    add(input, at) {
      const set = kept(input)
      return table.put(String((made += 2)), { tag_ids: [], ...set }, at)
    },
    edit: (row, input) => table.put(row.id, { ...row.item, ...kept(input) }),
    remove: (row) => void table.remove(row.id),
    tags: () => tags,
    tagNamed(name) {
      const known = tags.find((tag) => tag.name.toLowerCase() === name.trim().toLowerCase())
      if (known !== undefined) return known
      const tag = { id: String((made += 2)), name: name.trim() }
      tags.push(tag)
      return tag
    },
    tag(row, id, on) {
      const others = tagIds(row).filter((each) => each !== id)
      table.put(row.id, { ...row.item, tag_ids: on ? [...others, id] : others })
    },
    tagsOf: (row) => tagIds(row).flatMap((id) => tags.find((tag) => tag.id === id) ?? []),
  }
}

const seconds = (time: number): string => new Date(Math.floor(time / 1000) * 1000).toISOString()

/** Lists without entries are left out. */
export const show = (row: Row<JsonObject>): JsonObject => ({
  id: row.id,
  ...Object.fromEntries(Object.entries(row.item).filter(([, value]) => !Array.isArray(value) || value.length > 0)),
  create_time: seconds(row.createdAt),
  update_time: seconds(row.updatedAt),
})
