// The first items of a binding, and what the mapping makes of them: what would not be valid, which paths nobody has.
// Findings are grouped, so that one cause is one line.
import { FaultError, type Change, type Connector, type JsonObject } from "@syncline/connector"
import { LensFailure, type Binding, type Entity, type Json, type LawFinding } from "@syncline/core"

export type Sampled = Extract<Change, { kind: "upsert" }>

export interface Sample {
  readonly items: readonly Sampled[]
  /** Why they could not be read. */
  readonly trouble: string | null
}

const SAMPLE = 200

export async function sampleOf(binding: Binding, connector: Connector): Promise<Sample> {
  try {
    const page = await connector.pull(binding.resource, {
      mode: "snapshot",
      cursor: null,
      limit: Math.min(SAMPLE, binding.spec.read.pageSize),
    })
    return { items: page.changes.flatMap((change) => (change.kind === "upsert" ? [change] : [])).slice(0, SAMPLE), trouble: null }
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    return { items: [], trouble: error.fault.message }
  }
}

/** What the entity's own schema says to these items, as far as this binding fills it. */
export function judgeSample(entity: Entity, binding: Binding, sampled: readonly Sampled[]): string[] {
  const found = new Map<string, { count: number; example: string }>()
  for (const { id, item } of sampled) {
    for (const problem of entity.validate(read(binding, item))) {
      const cause = `${problem.field === null ? "" : `${problem.field}: `}${problem.message}`
      const known = found.get(cause)
      if (known === undefined) found.set(cause, { count: 1, example: id })
      else known.count++
    }
  }
  const invalid = [...found].map(([cause, { count, example }]) => `${cause} (${count} of ${sampled.length}, e.g. ${example})`)
  return [
    ...invalid,
    ...missing(
      binding,
      sampled.map((each) => each.item),
    ),
  ]
}

export function sayLaw({ field, law, message, count, tried }: LawFinding): string {
  const share = `${count} of ${tried} tried`
  switch (law) {
    case "GetPut":
      return `${field} breaks GetPut, nothing to say means nothing to write: ${message} (${share})`
    case "PutGet":
      return `${field} breaks PutGet, what is written reads back as meant: ${message} (${share})`
    case "unachievable":
      return `${field} cannot always be written: ${message} (${share}); such a value goes to review`
    case "unreadable":
      return `${field} cannot always be read: ${message} (${share}); such an item goes to quarantine`
  }
}

const read = (binding: Binding, item: JsonObject): Record<string, Json> => {
  const fields: Record<string, Json> = {}
  for (const field of binding.fields) {
    const value = field.direction === "out" ? null : field.get(item)
    // Unreadable values are found by the lens laws.
    if (!(value instanceof LensFailure)) fields[field.name] = value
  }
  return fields
}

/** A path that no item has is either rare or misspelt. */
const missing = (binding: Binding, items: readonly JsonObject[]): string[] =>
  binding.fields
    .filter((field) => field.direction !== "out" && field.reads.length > 0 && items.length > 0)
    .filter((field) => field.reads.every((path) => items.every((item) => !has(item, path))))
    .map((field) => `${field.name}: none of ${items.length} items has ${field.reads.join(" or ")}`)

function has(item: JsonObject, path: string): boolean {
  let here: Json | undefined = item
  for (const segment of path.split(".")) {
    if (typeof here !== "object" || here === null || Array.isArray(here)) return false
    here = new Map(Object.entries(here)).get(segment)
    if (here === undefined) return false
  }
  return true
}
