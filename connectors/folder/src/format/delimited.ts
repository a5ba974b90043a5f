// CSV (RFC 4180) and tab-separated files: a header, then a row a line. All values are text; an empty cell is empty text.
import { parse } from "csv-parse/sync"
import { stringify } from "csv-stringify/sync"
import { FaultError, type Json, type JsonObject } from "@syncline/connector"
import { asText } from "./as-text.ts"
import type { FileFormat, Row } from "./format.ts"

const BYTE_ORDER_MARK = "\uFEFF"
/** A wider cell is no field of a person; it would only fill the memory. */
const MAX_RECORD_CHARACTERS = 1_000_000

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/
const ESCAPED_FORMULA = /^'(?=[=+\-@\t\r])/

/** Around a record as the parser gives it. */
const LINE_ENDS = /^[\r\n]+|[\r\n]+$/g

interface Parsed {
  readonly record: readonly string[]
  readonly raw: string
}

const invalid = (message: string): FaultError => new FaultError({ class: "invalid", message })

function parsed(text: string, delimiter: string, file: string): readonly Parsed[] {
  try {
    // with `raw` a record comes as an object of these two; the types of the library leave that open
    return parse(text, {
      delimiter,
      raw: true,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD_CHARACTERS,
    }) as unknown as readonly Parsed[]
  } catch (error) {
    throw invalid(`${file} is not well-formed: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const linesIn = (text: string): number => text.split("\n").length - 1

function itemOf(record: readonly string[], header: readonly string[], escaped: boolean): JsonObject {
  const cell = (text: string): string => (escaped ? text.replace(ESCAPED_FORMULA, "") : text)
  return Object.fromEntries(header.map((column, index) => [column, cell(record[index] ?? "")]))
}

export const delimited = (delimiter: string): FileFormat => {
  const lineOf = (cells: readonly string[], newline: string): string =>
    stringify([[...cells]], { delimiter, record_delimiter: newline === "\r\n" ? "windows" : "unix" })
  return {
    read: (text, { file, escapeFormulas }) => {
      const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ""
      const body = text.slice(mark.length)
      const [first, ...rest] = parsed(body, delimiter, file)
      if (first === undefined) throw invalid(`${file} has no header: its first line must name the columns`)
      const header = first.record
      const twice = header.find((column, index) => header.indexOf(column) !== index)
      if (twice !== undefined) throw invalid(`${file} names the column ${JSON.stringify(twice)} twice in its header`)
      const newline = text.includes("\r\n") ? "\r\n" : "\n"
      let line = 1
      let end = body.indexOf(first.raw.replace(LINE_ENDS, "")) + first.raw.replace(LINE_ENDS, "").length
      const rows = rest.map(({ record, raw: around }): Row => {
        // line ends belong to no row, and blank lines are not kept
        const raw = around.replace(LINE_ENDS, "")
        const start = body.indexOf(raw, end)
        line += linesIn(body.slice(end, start))
        end = start + raw.length
        const row: Row = { item: itemOf(record, header, escapeFormulas), raw, line }
        if (record.length > header.length) throw invalid(`${file}, line ${line}: ${record.length} values for ${header.length} columns`)
        line += linesIn(raw)
        return row
      })
      return { rows, head: mark + lineOf(header, newline), columns: header, newline }
    },
    write: ({ rows, head, columns, newline }, { escapeFormulas }) => {
      const cell = (value: Json | undefined): string => {
        const text = asText(value)
        return escapeFormulas && FORMULA.test(text) ? `'${text}` : text
      }
      const lines = rows.map(({ raw, item }) =>
        raw === null
          ? lineOf(
              (columns ?? []).map((column) => cell(item[column])),
              newline,
            )
          : raw + newline,
      )
      return head + lines.join("")
    },
    empty: ({ file, columns, key }) => {
      if (columns === null) throw invalid(`${file} does not exist, and without "columns" it is not known which it should have`)
      const header = columns.includes(key) ? columns : [key, ...columns]
      return { rows: [], head: lineOf(header, "\n"), columns: header, newline: "\n" }
    },
  }
}
