// One way of writing rows into a file. Rows that nobody changed are written back byte for byte.
import type { JsonObject } from "@syncline/connector"
import type { FileSettings } from "../config.ts"

export interface Row {
  readonly item: JsonObject
  /** As it stands in the file; null for a row that is new or was changed. */
  readonly raw: string | null
  /** From 1, for messages. */
  readonly line: number
}

export interface Table {
  readonly rows: readonly Row[]
  /** What stands before the rows and is kept: a byte order mark, the header. */
  readonly head: string
  /** Columns that a row can have; null where a row may have any. */
  readonly columns: readonly string[] | null
  /** `\r\n` or `\n`, as the file has it. */
  readonly newline: string
}

export interface FileFormat {
  /** Throws a FaultError that names the line. */
  read(text: string, settings: FileSettings): Table
  write(table: Table, settings: FileSettings): string
  /** A file that does not exist yet. */
  empty(settings: FileSettings): Table
}
