// The mapping of one binding, tried on the first items that the system gives: what cannot be read, what would not be
// valid, what could not be written back as it is. Findings are grouped, so that one cause is one line.
import { FaultError, type Connector, type JsonObject } from "@syncline/connector"
import { LensFailure, type Binding, type CompiledField, type Entity, type Json } from "@syncline/core"
import { plural } from "../render/count.ts"

export interface Tried {
  readonly binding: string
  readonly sampled: number
  readonly summary: string
  readonly findings: readonly string[]
}

const SAMPLE = 100

export async function tryBinding(entity: Entity, binding: Binding, connector: Connector): Promise<Tried> {
  let items: readonly JsonObject[]
  try {
    const page = await connector.pull(binding.resource, {
      mode: "snapshot",
      cursor: null,
      limit: Math.min(SAMPLE, binding.spec.read.pageSize),
    })
    items = page.changes.flatMap((change) => (change.kind === "upsert" ? [change.item] : [])).slice(0, SAMPLE)
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    return { binding: binding.key, sampled: 0, summary: "its items cannot be read", findings: [error.fault.message] }
  }
  const found = new Map<string, { count: number; example: string }>()
  const note = (cause: string, item: JsonObject): void => {
    const known = found.get(cause)
    if (known === undefined) found.set(cause, { count: 1, example: nameOf(item) })
    else known.count++
  }
  for (const item of items) tryItem(entity, binding, item, (cause) => note(cause, item))
  const findings = [...found].map(([cause, { count, example }]) => `${cause} (${count} of ${items.length}, e.g. ${example})`)
  findings.push(...missing(binding, items))
  const summary =
    items.length === 0 ? "it is empty" : `${plural(binding.fields.length, "field rule")} tried on ${plural(items.length, "item")}`
  return { binding: binding.key, sampled: items.length, summary, findings }
}

function tryItem(entity: Entity, binding: Binding, item: JsonObject, note: (cause: string) => void): void {
  const fields: Record<string, Json> = {}
  for (const field of binding.fields) {
    const value = field.get(item)
    if (value instanceof LensFailure) {
      note(`${field.name} cannot be read: ${value.message}`)
      continue
    }
    if (field.direction !== "out") fields[field.name] = value
    // GetPut: what was just read is there already, so writing it must change nothing.
    if (field.direction !== "both") continue
    const change = field.put(value, binding.project(item))
    if (change instanceof LensFailure) note(`${field.name} cannot be written back: ${change.message}`)
    else if (Object.keys(change).length > 0)
      note(`${field.name} would be rewritten without having changed: ${Object.keys(change).join(", ")}`)
  }
  for (const problem of entity.validate(fields)) note(`${problem.field === null ? "" : `${problem.field}: `}${problem.message}`)
}

/** A path that no item has is either rare or misspelt. */
const missing = (binding: Binding, items: readonly JsonObject[]): string[] =>
  items.length === 0
    ? []
    : binding.fields
        .filter(
          (field) =>
            field.direction !== "out" && field.reads.length > 0 && field.reads.every((path) => items.every((item) => !has(item, path))),
        )
        .map(nothingAt)

const nothingAt = (field: CompiledField): string => `${field.name}: no item has ${field.reads.join(" or ")}`

function has(item: JsonObject, path: string): boolean {
  let here: Json | undefined = item
  for (const segment of path.split(".")) {
    if (typeof here !== "object" || here === null || Array.isArray(here)) return false
    here = Object.hasOwn(here, segment) ? (here as JsonObject)[segment] : undefined
    if (here === undefined) return false
  }
  return true
}

const nameOf = (item: JsonObject): string => {
  const name = item["id"] ?? item["email"] ?? item["email_address"]
  return typeof name === "string" ? name : "one without an id"
}
