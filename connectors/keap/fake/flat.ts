// Contacts as people and mappings speak of them (email, email2, phone, tags by name) <-> as Keap keeps them.
import type { Json, JsonObject } from "@syncline/connector"
import type { Row } from "@syncline/testkit/fake"
import { listIn, objectIn, show, type Keap } from "./contacts.ts"

const SLOTS = [
  { flat: "email", list: "email_addresses", field: "EMAIL1", value: "email" },
  { flat: "email2", list: "email_addresses", field: "EMAIL2", value: "email" },
  { flat: "phone", list: "phone_numbers", field: "PHONE1", value: "number" },
]

const wired = (input: JsonObject, before: JsonObject): JsonObject => {
  const set: Record<string, Json> = Object.fromEntries(
    Object.entries(input).filter(([name]) => name !== "tags" && SLOTS.every(({ flat }) => flat !== name)),
  )
  for (const { flat, list, field, value } of SLOTS) {
    const given = input[flat]
    if (given === undefined) continue
    const others = listIn(set[list] ?? before[list]).filter((each: Json) => objectIn(each)["field"] !== field)
    set[list] = given === null || given === "" ? others : [...others, { field, [value]: given }]
  }
  return set
}

const retag = (keap: Keap, row: Row<JsonObject>, input: JsonObject): Row<JsonObject> => {
  if (input["tags"] !== undefined) {
    const now = () => keap.find(row.id) ?? row
    const wanted = listIn(input["tags"]).map((name: Json) => keap.tagNamed(String(name)).id)
    for (const { id } of keap.tagsOf(row)) if (!wanted.includes(id)) keap.tag(now(), id, false)
    for (const id of wanted) keap.tag(now(), id, true)
  }
  return row
}

export const addFlat = (keap: Keap, input: JsonObject, at?: number): Row<JsonObject> => retag(keap, keap.add(wired(input, {}), at), input)

export const editFlat = (keap: Keap, row: Row<JsonObject>, input: JsonObject): void =>
  void retag(keap, keap.edit(row, wired(input, row.item)), input)

export const flat = (keap: Keap, row: Row<JsonObject>): JsonObject => ({
  ...show(row),
  ...Object.fromEntries(
    SLOTS.map((slot): [string, Json] => {
      const entry = listIn(row.item[slot.list]).find((each: Json) => objectIn(each)["field"] === slot.field)
      return [slot.flat, objectIn(entry)[slot.value] ?? null]
    }),
  ),
  tags: keap.tagsOf(row).map((tag) => tag.name),
})
