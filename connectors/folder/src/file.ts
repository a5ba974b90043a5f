// A file as rows by id. Reads it as a whole, refuses what would make two rows one, and replaces it in one step: whoever
// reads meanwhile sees the old file or the new one, never a part.
import { createHash } from "node:crypto"
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { FaultError, isObject, type Json, type JsonObject } from "@syncline/connector"
import type { FileSettings } from "./config.ts"
import type { Row, Table } from "./format/format.ts"
import { FORMATS } from "./format/formats.ts"

/** A larger file wants a database. */
const MAX_BYTES = 256 * 1024 * 1024

export interface Loaded {
  /** Tells one content of the file from another; null where there is no file. */
  readonly hash: string | null
  readonly table: Table
  readonly rows: ReadonlyMap<string, Row>
}

const hashOf = (text: string | Buffer): string => createHash("sha256").update(text).digest("base64url").slice(0, 22)

/** Members in the order of their names: the same item is the same text. */
const canonical = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((each: Json) => canonical(each))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, canonical(value[name] ?? null)]),
  )
}

export const versionOf = (item: JsonObject): string => hashOf(JSON.stringify(canonical(item)))

export const idIn = (item: JsonObject, key: string): string | null => {
  const value = item[key]
  if (typeof value === "string" && value !== "") return value
  return typeof value === "number" ? String(value) : null
}

const codeOf = (error: unknown): string => (error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "")

const trouble = (error: unknown, settings: FileSettings): FaultError => {
  if (error instanceof FaultError) return error
  const code = codeOf(error)
  const { file } = settings
  if (code === "EACCES" || code === "EPERM")
    return new FaultError({ class: "forbidden", message: `${file} may not be opened by this user` })
  if (code === "EISDIR") return new FaultError({ class: "invalid", message: `${file} is a folder, not a file` })
  if (code === "ENOSPC") return new FaultError({ class: "transient", message: `${file} cannot be written: the disk is full` })
  return new FaultError({ class: "transient", message: `${file} cannot be read or written (${code || "unknown trouble"})` })
}

function contentOf(path: string, settings: FileSettings): Buffer | null {
  try {
    if (statSync(path).size > MAX_BYTES)
      throw new FaultError({ class: "invalid", message: `${settings.file} is larger than ${MAX_BYTES / 1024 / 1024} MB` })
    return readFileSync(path)
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw trouble(error, settings)
    if (settings.optional) return null
    // never read as "all rows are gone"
    throw new FaultError({ class: "transient", message: `${settings.file} is not there; say "optional: true" if it may be missing` })
  }
}

function textOf(content: Buffer, { file }: FileSettings): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    throw new FaultError({ class: "invalid", message: `${file} is not in UTF-8: save it as UTF-8` })
  }
}

export function load(path: string, settings: FileSettings): Loaded {
  const format = FORMATS[settings.format]
  const content = contentOf(path, settings)
  const table = content === null || content.length === 0 ? blank(content, settings) : format.read(textOf(content, settings), settings)
  return { hash: content === null ? null : hashOf(content), table, rows: byId(table, settings) }
}

const blank = (content: Buffer | null, settings: FileSettings): Table => {
  // nobody can tell an empty file from one that is just being written
  if (content !== null && !settings.optional)
    throw new FaultError({ class: "transient", message: `${settings.file} is empty: not even a header or an empty list` })
  return FORMATS[settings.format].empty(settings)
}

function byId(table: Table, { file, key }: FileSettings): Map<string, Row> {
  const rows = new Map<string, Row>()
  for (const row of table.rows) {
    const id = idIn(row.item, key)
    if (id === null) throw new FaultError({ class: "invalid", message: `${file}, line ${row.line}: the row has no ${JSON.stringify(key)}` })
    const other = rows.get(id)
    if (other !== undefined)
      throw new FaultError({
        class: "invalid",
        message: `${file}, lines ${other.line} and ${row.line}: the same ${JSON.stringify(key)} ${JSON.stringify(id.slice(0, 60))} twice`,
      })
    rows.set(id, row)
  }
  return rows
}

/** Writes the file anew unless it is no longer the one that was loaded; answers whether it did. */
export function replace(path: string, settings: FileSettings, loaded: Loaded, rows: readonly Row[]): boolean {
  const text = FORMATS[settings.format].write({ ...loaded.table, rows }, settings)
  const beside = join(dirname(path), `.${basename(path)}.syncline`)
  try {
    const mode = loaded.hash === null ? 0o600 : statSync(path).mode & 0o777
    const handle = openSync(beside, "w", mode)
    try {
      const bytes = Buffer.from(text, "utf8")
      for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    // as late as can be: whoever wrote meanwhile is not overwritten
    const now = contentOf(path, { ...settings, optional: true })
    if ((now === null ? null : hashOf(now)) !== loaded.hash) return false
    renameSync(beside, path)
    const folder = openSync(dirname(path), "r")
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
    return true
  } catch (error) {
    throw trouble(error, settings)
  }
}
