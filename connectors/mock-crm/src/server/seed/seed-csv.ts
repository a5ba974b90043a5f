// A CSV with a header as seed rows: `account.name` nests, `labels` splits at `;`, an empty cell is a value not given.
import { parse } from "csv-parse/sync"
import type { Json, JsonObject } from "@syncline/connector"
import { SeedError } from "./seed-contact.ts"

const truths: Readonly<Record<string, boolean>> = { true: true, yes: true, "1": true, false: false, no: false, "0": false }

const cell = (name: string, text: string, row: number, source: string): Json => {
  if (name === "labels")
    return text
      .split(";")
      .map((one) => one.trim())
      .filter((one) => one !== "")
  if (name === "email_opt_out") {
    const value = truths[text.trim().toLowerCase()]
    if (value === undefined) throw new SeedError(source, row, name, `expected true or false, got ${JSON.stringify(text.slice(0, 40))}`)
    return value
  }
  if (name === "revision") return Number(text)
  return text
}

const place = (
  target: Record<string, Json>,
  path: readonly string[],
  value: Json,
  nested: Map<string, Record<string, Json>>,
  prefix = "",
): void => {
  const [head, ...rest] = path
  if (head === undefined) return
  if (rest.length === 0) {
    target[head] = value
    return
  }
  const key = `${prefix}${head}.`
  const inner = nested.get(key) ?? {}
  nested.set(key, inner)
  target[head] = inner
  place(inner, rest, value, nested, key)
}

const checkHeader = (header: readonly string[], source: string): string[] => {
  const names = header.map((name) => name.trim())
  for (const [at, name] of names.entries()) {
    if (name === "" || name.split(".").some((part) => part === "" || part === "__proto__"))
      throw new SeedError(source, null, name, `column ${at + 1} has no usable name`)
    if (names.indexOf(name) !== at) throw new SeedError(source, null, name, "the column is there twice")
    if (names.some((other) => other.startsWith(`${name}.`)))
      throw new SeedError(source, null, name, "the column is a value and a parent of other columns")
  }
  return names
}

export const rowsOfCsv = (text: string, source: string): JsonObject[] => {
  let table: string[][]
  try {
    table = parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true })
  } catch (error) {
    throw new SeedError(source, null, null, error instanceof Error ? error.message : "is not CSV")
  }
  const [header, ...lines] = table
  if (!header) throw new SeedError(source, null, null, "has no header line")
  const names = checkHeader(header, source)
  return lines.map((cells, index) => {
    if (cells.length !== names.length)
      throw new SeedError(source, index + 1, null, `has ${cells.length} cells where the header has ${names.length}`)
    const row: Record<string, Json> = {}
    const nested = new Map<string, Record<string, Json>>()
    for (const [at, name] of names.entries()) {
      const value = cells[at] ?? ""
      if (value !== "") place(row, name.split("."), cell(name, value, index + 1, source), nested)
    }
    return row
  })
}
