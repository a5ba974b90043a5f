// The lens laws of a pipeline's own rules, tried on examples made from the schemas and on real items, if there are any.
// GetPut: nothing to say means nothing to write. PutGet: what is written reads back as meant.
import { LensFailure, type Binding, type CompiledField, type Entity, type Pipeline } from "../../model/pipeline.ts"
import { canonicalText, equal, type Json, type JsonObject } from "../../model/value.ts"
import { show } from "../lens/lens.ts"
import { withValues } from "../../model/path.ts"
import { factsAt, kindOfValue, type PathFacts } from "../path/schema.ts"

export type LawName =
  /** a rule breaks the law: a defect of the rule */
  | "GetPut"
  | "PutGet"
  /** a value of the schema that this system cannot express (over some items): it would go to review */
  | "unachievable"
  /** a real item that the rule cannot read: it would go to quarantine */
  | "unreadable"

export interface LawFinding {
  readonly binding: string
  readonly field: string
  readonly law: LawName
  readonly message: string
  /** How many of those tried. */
  readonly count: number
  readonly tried: number
}

/** Binding key -> real items. */
export type Samples = Readonly<Record<string, readonly JsonObject[]>>

/** Bounds of the work per field. */
const MAX_MADE = 120
const MAX_VALUES = 24
const MAX_SAMPLES = 500

export function checkLensLaws(pipeline: Pipeline, samples: Samples = {}): readonly LawFinding[] {
  return pipeline.entities.flatMap((entity) =>
    entity.bindings.flatMap((binding) => {
      const real = (samples[binding.key] ?? []).slice(0, MAX_SAMPLES)
      return binding.fields.flatMap((field) => checkField(entity, binding, field, real))
    }),
  )
}

function checkField(entity: Entity, binding: Binding, field: CompiledField, real: readonly JsonObject[]): readonly LawFinding[] {
  const tally = new Tally(binding.key, field.name)
  for (const item of real) {
    const value = field.get(item)
    tally.note("unreadable", value instanceof LensFailure ? value.message : null)
  }
  if (field.direction === "in") return tally.findings()

  const facts = factsAt(entity.schema, field.name)
  // an item that the rule or the entity refuses goes to quarantine and is never written over
  const items = [...makeItems(binding, field), ...real].filter((item) => admits(facts, field.get(item)))
  const values = new Map<string, Json>()
  for (const value of facts?.values ?? []) values.set(canonicalText(value), value)
  const listed = new Set(values.keys())
  for (const item of items) {
    const value = field.get(item)
    if (value instanceof LensFailure) continue
    if (values.size < MAX_VALUES) values.set(canonicalText(value), value)
    const writes = field.put(value, item)
    tally.note(
      "GetPut",
      writes instanceof LensFailure
        ? writes.message
        : Object.keys(writes).length > 0
          ? `${show(value)} is there already, and would be written again`
          : null,
    )
  }
  for (const item of items.slice(0, MAX_MADE)) {
    for (const [text, value] of values) {
      const writes = field.put(value, item)
      if (writes instanceof LensFailure) {
        if (listed.has(text)) tally.note("unachievable", writes.message)
        continue
      }
      const after = field.get(withValues(item, writes))
      const good = !(after instanceof LensFailure) && equal(after, value)
      tally.note("PutGet", good ? null : `${show(value)} reads back as ${after instanceof LensFailure ? after.message : show(after)}`)
      if (listed.has(text)) tally.note("unachievable", null)
    }
  }
  return tally.findings()
}

function admits(facts: PathFacts | null, value: Json | LensFailure): boolean {
  if (value instanceof LensFailure) return false
  return facts === null || value === null || kindOfValue(value).some((kind) => facts.kinds.includes(kind))
}

/** Counts per law; the first example speaks for all. */
class Tally {
  private readonly counts = new Map<LawName, { tried: number; failed: number; first: string }>()
  private readonly binding: string
  private readonly field: string

  constructor(binding: string, field: string) {
    this.binding = binding
    this.field = field
  }

  note(law: LawName, failure: string | null): void {
    const count = this.counts.get(law) ?? { tried: 0, failed: 0, first: "" }
    count.tried++
    if (failure !== null && count.failed++ === 0) count.first = failure
    this.counts.set(law, count)
  }

  findings(): readonly LawFinding[] {
    return [...this.counts]
      .filter(([, count]) => count.failed > 0)
      .map(([law, count]) => ({
        binding: this.binding,
        field: this.field,
        law,
        message: count.first,
        count: count.failed,
        tried: count.tried,
      }))
  }
}

/** Items that differ in the paths of one field, each path taking each of a few values that its schema allows. */
function makeItems(binding: Binding, field: CompiledField): readonly JsonObject[] {
  let items: readonly JsonObject[] = [{}]
  for (const path of new Set([...field.reads, ...field.writes])) {
    const facts = factsAt(binding.spec.schema, path)
    if (facts === null) continue
    const next = items.flatMap((item) => candidates(facts).map((value) => withValues(item, { [path]: value })))
    items = next.slice(0, MAX_MADE)
  }
  return items
}

const TEXTS = [
  "",
  "Ada",
  "  Ada  Byron ",
  "ADA@x.com",
  "+1 415 555 0123",
  "2024-02-29",
  "2024-02-29T12:00:00+02:00",
  "12.50",
  "yes",
  "DE",
  "a, b;c",
  '{"a": [1]}',
]

function candidates(facts: PathFacts): readonly Json[] {
  if (facts.values !== null) return facts.nullable ? [...facts.values, null] : facts.values
  const values: Json[] = []
  if (facts.kinds.includes("text")) values.push(...TEXTS)
  if (facts.kinds.includes("number")) values.push(0, 1, -3, 1_709_200_800)
  if (facts.kinds.includes("boolean")) values.push(true, false)
  if (facts.kinds.includes("list")) values.push([], ["b", "a"], ["a", "c", "a"])
  return [...values, null]
}
