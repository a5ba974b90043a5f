// Reads a seed file, a JSON array or a CSV with a header, as rows in the API's own shape. Every fault names the file, the
// row and the field; nothing is loaded from a file that has one.
import { readFileSync } from "node:fs"
import { basename } from "node:path"
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { standardRules, type FieldRules } from "../contact/schema-rules.ts"
import type { NewContact } from "../store/contact-writer.ts"
import { rowsOfCsv } from "./seed-csv.ts"
import { seedContact, SeedError } from "./seed-contact.ts"

export const rowsOfJson = (parsed: Json, source: string): JsonObject[] => {
  if (!Array.isArray(parsed)) throw new SeedError(source, null, null, "must hold a JSON array of contacts")
  return parsed.map((row: Json, index) => {
    if (!isObject(row)) throw new SeedError(source, index + 1, null, "must be an object")
    return row
  })
}

/** Checks and completes all rows; ids that are there twice are a fault too. */
export const contactsOf = (rows: readonly JsonObject[], source: string, rules: FieldRules, now: number): NewContact[] => {
  const seen = new Map<string, number>()
  return rows.map((row, index) => {
    const contact = seedContact(row, index + 1, source, rules, now)
    const earlier = contact.id === undefined ? undefined : seen.get(contact.id)
    if (earlier !== undefined) throw new SeedError(source, index + 1, "id", `is the same as in row ${earlier}`)
    if (contact.id !== undefined) seen.set(contact.id, index + 1)
    return contact
  })
}

const parseJson = (text: string, source: string): Json => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new SeedError(source, null, null, `is not JSON: ${error instanceof Error ? error.message : ""}`)
  }
}

/** The contacts in a seed file. `.csv` is read as CSV, everything else as JSON. */
export const seedFromFile = (path: string, now: number = Date.now(), rules: FieldRules = standardRules): NewContact[] => {
  const source = basename(path)
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch {
    throw new SeedError(source, null, null, "cannot be read")
  }
  const rows = path.toLowerCase().endsWith(".csv")
    ? rowsOfCsv(text, source)
    : rowsOfJson(parseJson(text.replace(/^\ufeff/, ""), source), source)
  return contactsOf(rows, source, rules, now)
}
