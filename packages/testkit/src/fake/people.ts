// What the users of the real system do in their browser, for stories: look, add, change, delete, erase. No API, no limits.
import type { Json, JsonObject } from "@syncline/connector"

export interface PeopleItem {
  /** Stays with the item for good. */
  readonly id: string
  /** Everything it may be called by: ids, addresses. */
  readonly names: readonly string[]
  /** Archived ones may still be looked at, but do not count. */
  readonly counts: boolean
  /** In the API's own shape. */
  readonly item: JsonObject
}

export interface FakePeople {
  items(): readonly PeopleItem[]
  /** Gives the new item's `id`. All of these throw an Error that says what is wrong. */
  create(set: JsonObject): string
  update(id: string, set: JsonObject): void
  delete(id: string): void
  /** Gone without a trace; where a delete already is that, it is not needed. */
  erase?(id: string): void
}

/** `POST /admin/people`: `{ create: {…} }`, `{ update: ID, set: {…} }`, `{ delete: ID }` or `{ erase: ID }`. */
export const actAsPeople = (people: FakePeople, body: JsonObject): Json => {
  const { create, update, set, delete: gone, erase } = body
  if (create !== undefined) return { id: people.create(objectIn(create, "create")) }
  if (update !== undefined) people.update(textIn(update, "update"), objectIn(set, "set"))
  else if (gone !== undefined) people.delete(textIn(gone, "delete"))
  else if (erase !== undefined) (people.erase ?? people.delete)(textIn(erase, "erase"))
  else throw new Error("one of create, update, delete, erase is needed")
  return { ok: true }
}

const objectIn = (value: Json | undefined, name: string): JsonObject => {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject
  throw new Error(`${name} is an object`)
}

const textIn = (value: Json, name: string): string => {
  if (typeof value === "string") return value
  throw new Error(`${name} is an id`)
}
