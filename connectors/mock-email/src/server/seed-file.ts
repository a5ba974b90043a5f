// A seed file, read and told apart: a file that cannot be what it claims is an error that names file, row and field;
// an item that the platform would not take is left out and counted, with its reason.
import { readFile } from "node:fs/promises"
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { parse } from "csv-parse/sync"
import { addressProblem, normaliseAddress } from "./address.ts"
import { cutTag, maxLength } from "./accept.ts"
import { isStatus, statuses, type Status } from "./member.ts"
import { isFieldName, trimmedFields } from "./merge-schema.ts"

export interface SeedMember {
  readonly list?: string
  readonly address: string
  readonly status: Status
  readonly mergeFields: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  /** Epoch seconds. */
  readonly lastChanged?: number
}

export interface Skipped {
  /** Counted from 1: the item's place in the array, or the line of the CSV file. */
  readonly row: number
  readonly field: string
  readonly value: string
  readonly reason: string
}

export interface Seed {
  readonly members: readonly SeedMember[]
  readonly skipped: readonly Skipped[]
}

/** The file itself is wrong; the message names file, row and field. */
export class SeedError extends Error {
  constructor(source: string, row: number | null, field: string | null, reason: string) {
    super(`${source}${row === null ? "" : `, row ${row}`}${field === null ? "" : `, field ${field}`}: ${reason}`)
    this.name = "SeedError"
  }
}

interface Numbered {
  readonly row: number
  readonly item: Json
}

const textOf = (value: Json | undefined): string | null => {
  if (value === undefined || value === null) return ""
  if (typeof value === "string") return value
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null
}

const readMergeFields = (item: JsonObject, fail: (field: string, reason: string) => never): Record<string, string> => {
  const given = item["merge_fields"] ?? {}
  if (!isObject(given)) return fail("merge_fields", "expected an object of texts")
  const fields: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    const text = textOf(value)
    if (!isFieldName(name)) fail(`merge_fields.${name}`, "a merge field's name has letters, digits and _, and begins with a letter")
    if (text === null) fail(`merge_fields.${name}`, "expected a text")
    else fields[name] = trimmedFields.has(name) ? text.trim() : text
  }
  return fields
}

const readTags = (item: JsonObject, fail: (field: string, reason: string) => never): string[] => {
  const given = item["tags"] ?? []
  if (!Array.isArray(given)) return fail("tags", "expected a list of texts")
  const tags = given.map((tag: Json) => (typeof tag === "string" ? tag : fail("tags", "expected a list of texts")))
  return [...new Set(tags.filter((tag) => tag !== "").map(cutTag))]
}

/** Checks items against the platform's own rules. `source` is how errors name where they come from. */
export const readSeed = (source: string, items: readonly Numbered[]): Seed => {
  const members: SeedMember[] = []
  const skipped: Skipped[] = []
  const taken = new Set<string>()
  for (const { row, item } of items) {
    const fail = (field: string | null, reason: string): never => {
      throw new SeedError(source, row, field, reason)
    }
    if (!isObject(item)) {
      fail(null, "expected a member, an object with email_address")
      continue
    }
    const rawAddress = textOf(item["email_address"])
    if (rawAddress === null) fail("email_address", "expected a text")
    const address = normaliseAddress(rawAddress ?? "")
    const status = item["status"] === undefined || item["status"] === "" || item["status"] === null ? "subscribed" : item["status"]
    const mergeFields = readMergeFields(item, fail)
    const tags = readTags(item, fail)
    const list = item["list"]
    const changed = item["last_changed"]
    const changedMs = typeof changed === "string" && changed !== "" ? Date.parse(changed) : null
    if (changedMs !== null && Number.isNaN(changedMs)) fail("last_changed", "expected an ISO 8601 instant")
    if (list !== undefined && typeof list !== "string") fail("list", "expected a text")
    const skip = (field: string, value: Json | undefined, reason: string): void => {
      skipped.push({ row, field, value: (textOf(value) ?? "").slice(0, 80), reason })
    }
    const problem = addressProblem(address)
    const key = `${typeof list === "string" ? list : ""}\n${address}`
    const long = Object.entries(mergeFields).find(([, text]) => text.length > maxLength)
    if (problem !== null) skip("email_address", rawAddress, problem)
    else if (!isStatus(status)) skip("status", status, `status is one of ${statuses.join(", ")}`)
    else if (long !== undefined) skip(`merge_fields.${long[0]}`, long[1], `a merge field has at most ${maxLength} characters`)
    else if (taken.has(key)) skip("email_address", rawAddress, "an earlier row has the same address")
    else {
      taken.add(key)
      members.push({
        ...(typeof list === "string" && list !== "" ? { list } : {}),
        address,
        status,
        mergeFields,
        tags,
        ...(changedMs === null ? {} : { lastChanged: Math.floor(changedMs / 1000) }),
      })
    }
  }
  return { members, skipped }
}

/** Reads a JSON array of members in the API's own shape, or a CSV file with a header (by its name: `.csv`). */
export const seedFromFile = async (file: string): Promise<Seed> => {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new SeedError(
      file,
      null,
      null,
      cause.code === "ENOENT" ? "there is no such file" : `cannot be read (${cause.code ?? cause.message})`,
    )
  })
  return readSeed(file, file.toLowerCase().endsWith(".csv") ? csvItems(file, text) : jsonItems(file, text))
}

const jsonItems = (file: string, text: string): Numbered[] => {
  let items: Json
  try {
    items = JSON.parse(text.replace(/^\uFEFF/, ""))
  } catch (cause) {
    throw new SeedError(file, null, null, `is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
  if (!Array.isArray(items)) throw new SeedError(file, null, null, "expected a JSON array of members")
  return items.map((item: Json, index) => ({ row: index + 1, item }))
}

const csvItems = (file: string, text: string): Numbered[] => {
  let rows: { record: string[]; info: { lines: number } }[]
  try {
    rows = parse(text, { bom: true, skip_empty_lines: true, info: true }) as unknown as typeof rows // `info: true` yields pairs; its types do not say so
  } catch (cause) {
    const line = typeof cause === "object" && cause !== null && "lines" in cause && typeof cause.lines === "number" ? cause.lines : null
    throw new SeedError(file, line, null, cause instanceof Error ? cause.message : String(cause))
  }
  const header = (rows[0]?.record ?? []).map((name) => name.trim())
  if (!header.includes("email_address")) throw new SeedError(file, 1, "email_address", "the header has no such column")
  return rows.slice(1).map(({ record, info }) => ({ row: info.lines, item: nest(header, record) }))
}

/** `merge_fields.FNAME` goes into merge_fields, tags are split at `;`, all other columns are kept as they are named. */
const nest = (header: readonly string[], record: readonly string[]): JsonObject => {
  const flat = header.map((name, index) => [name, record[index] ?? ""] as const)
  const prefix = "merge_fields."
  const mergeFields = flat.filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value] as const)
  const rest = flat.filter(([name]) => !name.startsWith(prefix))
  return {
    ...Object.fromEntries(rest.map(([name, value]) => [name, name === "tags" ? value.split(";").map((tag) => tag.trim()) : value])),
    merge_fields: Object.fromEntries(mergeFields),
  }
}
