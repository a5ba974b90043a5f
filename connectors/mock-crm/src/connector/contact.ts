// A contact on the wire -> an upsert. Answers that lack what every contact has are refused, not guessed at.
import { FaultError, isObject, type Change, type Json, type JsonObject } from "@syncline/connector"

export type Upsert = Extract<Change, { kind: "upsert" }>

export const malformed = (what: string): FaultError =>
  new FaultError({ class: "transient", message: `The CRM's answer makes no sense: ${what}` })

const timesOf = (value: Json | undefined): Record<string, string> =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"))
    : {}

/** null if this is no contact. */
export const contactOf = (value: Json | undefined): Upsert | null => {
  if (!isObject(value)) return null
  // field times travel beside the item, so that it does not look changed where only they did
  const { field_times: times, ...item } = value
  const { id, revision, updated_at: at } = item
  if (typeof id !== "string" || typeof revision !== "number" || typeof at !== "string") return null
  return { kind: "upsert", id, item, at, version: String(revision), fieldTimes: timesOf(times) }
}

/** Versions are revisions, and the CRM's strong tags follow from them. */
export const tagOf = (version: string): string => `"r${version}"`

export const listIn = (body: Json, name: string): readonly Json[] => {
  const list = isObject(body) ? body[name] : undefined
  if (!Array.isArray(list)) throw malformed(`there is no list of ${name}`)
  return list
}

export const textIn = (object: JsonObject, name: string): string | null => {
  const value = object[name]
  return typeof value === "string" ? value : null
}
