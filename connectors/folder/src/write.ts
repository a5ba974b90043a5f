// Carries out operations on the rows of a file and replaces the file once. Out: one outcome an operation; those that are
// applied reach the file together or not at all.
import { createHash } from "node:crypto"
import { FaultError, isObject, mergePatch, type Fault, type JsonObject, type Op, type Outcome } from "@syncline/connector"
import type { FileSettings } from "./config.ts"
import { idIn, load, replace, versionOf, type Loaded } from "./file.ts"
import { asText } from "./format/as-text.ts"
import type { Row } from "./format/format.ts"

/** How often somebody else may write the file in between, before the write is put off. */
const ATTEMPTS = 5

const failed = (op: Op, fault: Fault): Outcome => ({ ref: op.ref, status: "failed", fault })

/** The same create makes the same id, so that it cannot make two rows. */
const idFor = (op: Op): string => createHash("sha256").update(op.idempotencyKey).digest("hex").slice(0, 20)

class Editing {
  readonly #settings: FileSettings
  readonly #columns: readonly string[] | null
  readonly #rows: Map<string, Row>
  readonly #byUnique: ReadonlyMap<string, Map<string, string>>
  changed = false

  constructor(settings: FileSettings, loaded: Loaded) {
    this.#settings = settings
    this.#columns = loaded.table.columns
    this.#rows = new Map(loaded.rows)
    this.#byUnique = new Map(settings.unique.map((column) => [column, new Map<string, string>()]))
    for (const [id, row] of this.#rows) this.#claim(id, row.item)
  }

  rows(): readonly Row[] {
    return [...this.#rows.values()]
  }

  apply(op: Op): Outcome {
    if (op.kind === "create") return this.#create(op)
    const id = op.id ?? ""
    const row = this.#rows.get(id)
    if (row === undefined)
      return op.kind === "delete"
        ? { ref: op.ref, status: "applied", id }
        : failed(op, { class: "notFound", message: `${this.#settings.file} has no row ${JSON.stringify(id)}` })
    if (op.version !== undefined && op.version !== versionOf(row.item))
      return failed(op, { class: "conflict", message: `The row ${JSON.stringify(id)} has changed since it was read` })
    if (op.kind === "delete") {
      this.#release(id, row.item)
      this.#rows.delete(id)
      this.changed = true
      return { ref: op.ref, status: "applied", id }
    }
    return this.#put(op, id, row)
  }

  #create(op: Op): Outcome {
    const given = idIn(op.set, this.#settings.key)
    const id = given ?? idFor(op)
    const there = this.#rows.get(id)
    if (there !== undefined && given === null)
      return { ref: op.ref, status: "applied", id, version: versionOf(there.item), item: there.item }
    if (there !== undefined)
      return failed(op, { class: "duplicate", message: `${this.#settings.file} has a row ${JSON.stringify(id)} already`, existingId: id })
    return this.#put({ ...op, set: given === null ? { [this.#settings.key]: id, ...op.set } : op.set }, id, null)
  }

  #put(op: Op, id: string, row: Row | null): Outcome {
    const merged = mergePatch(row?.item, op.set)
    const item = this.#settled(isObject(merged) ? merged : {})
    const unknown = this.#columns === null ? undefined : Object.keys(item).find((name) => this.#columns?.includes(name) === false)
    if (unknown !== undefined)
      return failed(op, {
        class: "invalid",
        message: `${this.#settings.file} has no column ${JSON.stringify(unknown)}: add it to the first line`,
        fields: { [unknown]: "no such column" },
      })
    if (idIn(item, this.#settings.key) !== id)
      return failed(op, {
        class: "invalid",
        message: `The key of the row ${JSON.stringify(id)} cannot be changed`,
        fields: { [this.#settings.key]: "is the key" },
      })
    for (const [column, taken] of this.#byUnique) {
      const owner = taken.get(String(item[column] ?? ""))
      if (owner !== undefined && owner !== id)
        return failed(op, {
          class: "duplicate",
          message: `Another row has this ${column}`,
          existingId: owner,
          fields: { [column]: "is taken" },
        })
    }
    if (row === null || versionOf(row.item) !== versionOf(item)) {
      if (row !== null) this.#release(id, row.item)
      this.#claim(id, item)
      this.#rows.set(id, { item, raw: null, line: row?.line ?? 0 })
      this.changed = true
    }
    return { ref: op.ref, status: "applied", id, version: versionOf(item), item }
  }

  /** A delimited row has every column, and text in each: what is read back later is what is answered now. */
  #settled(item: JsonObject): JsonObject {
    if (this.#columns === null) return item
    const names = new Set([...this.#columns, ...Object.keys(item)])
    return Object.fromEntries([...names].map((name) => [name, asText(item[name])]))
  }

  #claim(id: string, item: JsonObject): void {
    for (const [column, taken] of this.#byUnique) {
      const value = String(item[column] ?? "")
      if (value !== "" && !taken.has(value)) taken.set(value, id)
    }
  }

  #release(id: string, item: JsonObject): void {
    for (const [column, taken] of this.#byUnique) if (taken.get(String(item[column] ?? "")) === id) taken.delete(String(item[column] ?? ""))
  }
}

export function write(path: string, settings: FileSettings, ops: readonly Op[]): readonly Outcome[] {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const loaded = load(path, settings)
    const editing = new Editing(settings, loaded)
    const outcomes = ops.map((op) => editing.apply(op))
    if (!editing.changed || replace(path, settings, loaded, editing.rows())) return outcomes
  }
  throw new FaultError({ class: "transient", message: `${settings.file} is being written by somebody else again and again` })
}
