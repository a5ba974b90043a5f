// Tables. A list of objects has a header row of all their names; a list of lists is written as it is. Reading gives objects
// of texts by the header row. What no cell can hold (an object, a list) is written as JSON.
import { parse } from "csv-parse/sync"
import { stringify } from "csv-stringify/sync"
import { isObject, type Json, type JsonObject } from "../../json.ts"

const cell = (value: Json | undefined): string => {
  if (value === undefined || value === null) return ""
  return typeof value === "object" ? JSON.stringify(value) : String(value)
}

export const encodeCsv = (body: Json): string => {
  const rows: readonly Json[] = Array.isArray(body) ? body : [body]
  const names = [...new Set(rows.flatMap((row) => (isObject(row) ? Object.keys(row) : [])))]
  const plain = rows.map((row) => (isObject(row) ? names.map((name) => cell(row[name])) : [row].flat().map(cell)))
  return stringify(names.length === 0 ? plain : [names, ...plain], { record_delimiter: "\n" })
}

export const decodeCsv = (text: string): JsonObject[] => {
  let rows: string[][]
  try {
    rows = parse(text, { bom: true, skip_empty_lines: true, max_record_size: MAX_RECORD })
  } catch {
    throw new SyntaxError("not a table of comma-separated values")
  }
  const [header = [], ...records] = rows
  if (new Set(header).size < header.length) throw new SyntaxError("a table with two columns of one name")
  return records.map((record) =>
    Object.fromEntries(header.flatMap((name, index) => (name === "__proto__" ? [] : [[name, record[index] ?? ""] as const]))),
  )
}

/** One cell of a hostile table must not take all memory. */
const MAX_RECORD = 4 * 1024 * 1024
