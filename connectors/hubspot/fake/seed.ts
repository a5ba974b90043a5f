// A seed: `{ properties: { contacts: [definition…] }, contacts: [{ id, at, properties, companies: [id] }], companies: […] }`.
// Objects are as old as `at` says; what is not set is blank.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import type { Crm } from "./crm.ts"
import { modifiedProperty, type ObjectType, type PropertyDefinition } from "./properties.ts"

const TYPES: readonly ObjectType[] = ["companies", "contacts"]

const listIn = (file: JsonObject, name: string): readonly JsonObject[] => {
  const list = file[name] ?? []
  if (!Array.isArray(list) || !list.every(isObject)) throw new Error(`seed: ${name} is a list of objects`)
  return list
}

const plant = (crm: Crm, type: ObjectType, one: JsonObject, place: string): void => {
  const { id, at } = one
  const accepted = crm.rules.accept(type, one["properties"])
  if (typeof id !== "string" || !/^\d+$/.test(id)) throw new Error(`${place}: id is a text of digits`)
  if (typeof at !== "string" || Number.isNaN(Date.parse(at))) throw new Error(`${place}: at is an ISO 8601 time`)
  if ("problems" in accepted) throw new Error(`${place}: ${accepted.problems.map(({ message }) => message).join("; ")}`)
  const time = new Date(at).toISOString()
  const item = { ...accepted.values, hs_object_id: id, createdate: time, [modifiedProperty(type)]: time }
  crm.table(type).put(id, item, Date.parse(at))
}

export const loadSeed = (crm: Crm, file: Json): void => {
  if (!isObject(file)) throw new Error("seed: an object with contacts and companies")
  const defined = isObject(file["properties"]) ? file["properties"] : {}
  for (const type of TYPES) {
    // a definition is looked at when a value meets it
    for (const definition of listIn(defined, type)) crm.rules.define(type, definition as unknown as PropertyDefinition)
    for (const [at, one] of listIn(file, type).entries()) plant(crm, type, one, `seed: ${type}[${at}]`)
  }
}
