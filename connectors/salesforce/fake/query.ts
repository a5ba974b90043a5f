// As much of SOQL as a sync needs: fields of one object, conditions joined by AND, an order; pages by locator.
import { refused } from "@syncline/testkit/fake"
import type { Json, JsonObject } from "@syncline/connector"
import { problem } from "./problem.ts"
import { fieldsOf, OBJECTS, type Records, type Saved } from "./records.ts"

const SELECT = /^SELECT (.+?) FROM (\w+)(?: WHERE (.+?))?(?: ORDER BY (.+))?$/s
const SINCE = /^SystemModstamp >= (\S+)$/
const IN = /^(\w+) IN \(((?:'(?:\\.|[^'\\])*'(?:, )?)+)\)$/s
const TEXT = /'((?:\\.|[^'\\])*)'/g

const malformed = (message: string) => refused(400, problem(400, "MALFORMED_QUERY", message).body)

const SYSTEM = ["Id", "SystemModstamp", "IsDeleted", "MasterRecordId", "CreatedDate"]

const valueOf = (saved: Saved, field: string): Json => {
  switch (field) {
    case "Id":
      return saved.id
    case "SystemModstamp":
      return saved.modified
    case "IsDeleted":
      return saved.deleted
    case "MasterRecordId":
      return saved.master
    case "CreatedDate":
      return saved.createdAt
    default:
      return saved.fields[field] ?? null
  }
}

export const show = (object: string, saved: Saved, fields: readonly string[], version: string): JsonObject => ({
  attributes: { type: object, url: `/services/data/${version}/sobjects/${object}/${saved.id}` },
  ...Object.fromEntries(fields.map((field) => [field, valueOf(saved, field)])),
})

export interface Found {
  readonly object: string
  readonly fields: readonly string[]
  readonly records: readonly Saved[]
}

export function query(records: Records, text: string, withDeleted: boolean): Found {
  const match = SELECT.exec(text)
  const [, list = "", object = "", where, order] = match ?? []
  if (match === null) throw malformed(`unexpected token: ${text.slice(0, 40)}`)
  if (OBJECTS[object] === undefined) throw refused(400, problem(400, "INVALID_TYPE", `sObject type '${object}' is not supported.`).body)
  const fields = list.split(",").map((field) => field.trim())
  const known = new Set([...SYSTEM, ...fieldsOf(object)])
  const unknown = fields.find((field) => !known.has(field))
  if (unknown !== undefined) throw refused(400, problem(400, "INVALID_FIELD", `No such column '${unknown}' on entity '${object}'.`).body)
  const holds = where === undefined ? () => true : condition(where)
  const found = records.all(object).filter((saved) => (withDeleted || !saved.deleted) && holds(saved))
  const sorts = (order ?? "Id").split(",").map((field) => field.trim())
  found.sort((a, b) => {
    for (const field of sorts) {
      const [one, other] = [String(valueOf(a, field)), String(valueOf(b, field))]
      if (one !== other) return one < other ? -1 : 1
    }
    return 0
  })
  return { object, fields: [...new Set(fields)], records: found }
}

function condition(where: string): (saved: Saved) => boolean {
  const since = SINCE.exec(where)?.[1]
  if (since !== undefined) {
    const from = Date.parse(since)
    if (Number.isNaN(from)) throw malformed(`line 1: invalid date ${since}`)
    return (saved) => Date.parse(saved.modified) >= from
  }
  const [, field, values] = IN.exec(where) ?? []
  if (field === undefined || values === undefined) throw malformed(`unexpected condition: ${where.slice(0, 40)}`)
  // comparisons ignore case
  const wanted = new Set([...values.matchAll(TEXT)].map(([, one = ""]) => one.replaceAll(/\\(.)/g, "$1").toLowerCase()))
  return (saved) => wanted.has(String(valueOf(saved, field) ?? "").toLowerCase())
}
