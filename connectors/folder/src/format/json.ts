// A JSON list of objects, and NDJSON with an object a line. Numbers keep their digits, also beyond 2^53.
import { FaultError, isObject, parseJsonText, type Json, type JsonObject } from "@syncline/connector"
import type { FileFormat, Row } from "./format.ts"

const invalid = (message: string): FaultError => new FaultError({ class: "invalid", message })

function parsed(text: string, where: string): Json {
  try {
    return parseJsonText(text)
  } catch (error) {
    throw invalid(`${where} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const objectIn = (value: Json, where: string): JsonObject => {
  if (!isObject(value)) throw invalid(`${where} is no object`)
  return value
}

/** Newer than the library of types that this project compiles against. */
declare global {
  interface JSON {
    rawJSON(text: string): object
  }
}

/** The same text again, whitespace aside: what a parser would round stays as it is written. */
const keepDigits = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === "number" && context?.source !== undefined && String(value) !== context.source ? JSON.rawJSON(context.source) : value

/** The texts of the members of a list, each as JSON of one line. */
function membersOf(text: string): readonly string[] {
  const values: unknown = JSON.parse(text, keepDigits)
  return Array.isArray(values) ? values.map((each) => JSON.stringify(each)) : []
}

/** Digits beyond 2^53 were read as text; an unchanged row is written from its own text instead. */
const lineOf = ({ raw, item }: Row): string => raw ?? JSON.stringify(item)

export const ndjson: FileFormat = {
  read: (text, { file }) => ({
    rows: text.split(/\r?\n/).flatMap((raw, index) => {
      if (raw.trim() === "") return []
      const where = `${file}, line ${index + 1}`
      return [{ item: objectIn(parsed(raw, where), where), raw, line: index + 1 }]
    }),
    head: "",
    columns: null,
    newline: text.includes("\r\n") ? "\r\n" : "\n",
  }),
  write: ({ rows, newline }) => rows.map((row) => lineOf(row) + newline).join(""),
  empty: () => ({ rows: [], head: "", columns: null, newline: "\n" }),
}

export const jsonList: FileFormat = {
  read: (text, { file }) => {
    const list = parsed(text, file)
    if (!Array.isArray(list)) throw invalid(`${file} must hold a list of objects`)
    const raws = membersOf(text)
    return {
      rows: list.map((value: Json, index) => ({
        item: objectIn(value, `${file}, item ${index + 1}`),
        raw: raws[index] ?? null,
        line: index + 1,
      })),
      head: "",
      columns: null,
      newline: text.includes("\r\n") ? "\r\n" : "\n",
    }
  },
  write: ({ rows, newline }) => {
    const pretty = (row: Row): string =>
      JSON.stringify(JSON.parse(lineOf(row), keepDigits), null, 2)
        .split("\n")
        .map((each) => `  ${each}`)
        .join(newline)
    return rows.length === 0 ? `[]${newline}` : `[${newline}${rows.map(pretty).join(`,${newline}`)}${newline}]${newline}`
  },
  empty: () => ({ rows: [], head: "", columns: null, newline: "\n" }),
}
