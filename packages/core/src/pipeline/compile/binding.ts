// One binding: its fields compiled, its filter, what it keeps of an item, and whether the resource can do what is asked.
import type { ResourceSpec } from "@syncline/connector"
import { LensFailure, type Binding, type SystemConfig } from "../../model/pipeline.ts"
import type { Json, JsonObject } from "../../model/value.ts"
import { compileExpression } from "./expression.ts"
import type { BindingPart, OnDeletePart } from "../language/binding.ts"
import { projection } from "../../model/path.ts"
import { factsAt, pathsOf } from "../path/schema.ts"
import { didYouMean, type Report, type Span, type Expression } from "@syncline/connector/language"
import { compileExpressionField } from "./expression-field.ts"
import { fingerprint } from "./fingerprint.ts"
import { compilePathField, missingPath, type FieldResult } from "./path-field.ts"
import type { FieldPlace } from "./place.ts"

export interface BindingInput {
  readonly key: string
  readonly keyAt: Span
  readonly part: BindingPart
  readonly entity: string
  readonly entitySchema: JsonObject | null
  readonly systems: readonly SystemConfig[]
  /** Names that the file gives to systems, also those that could not be compiled; `null` where that part is unreadable. */
  readonly systemNames: readonly string[] | null
  readonly report: Report
}

export interface BindingResult {
  readonly binding: Binding
  readonly fieldsAt: ReadonlyMap<string, Span>
  /** What the filter reads of a record. */
  readonly filterReads: Expression["reads"]
  /** Whether every field rule could be compiled. */
  readonly complete: boolean
}

export function compileBinding(input: BindingInput): BindingResult | null {
  const { key, part, report } = input
  const [systemName = "", resourceName = ""] = key.split(".")
  const spec = findSpec(systemName, resourceName, input)
  if (spec === null) return null
  const writable = spec.write.update !== undefined || spec.write.create !== undefined
  const results: FieldResult[] = []
  for (const item of part.fields.fields ?? []) {
    const known = input.entitySchema === null ? null : factsAt(input.entitySchema, item.key)
    if (input.entitySchema !== null && known === null) {
      report.error(
        item.keyAt,
        `the schema of ${input.entity} has no "${item.key}"`,
        didYouMean(
          item.key,
          pathsOf(input.entitySchema).filter((path) => !path.includes(".")),
        ),
      )
    }
    if (item.value === undefined) continue
    const place: FieldPlace = { report, binding: key, spec, entitySchema: input.entitySchema, field: known, writable }
    const result =
      item.value.kind === "path" ? compilePathField(item.key, item.value, place) : compileExpressionField(item.key, item.value, place)
    if (result !== null) results.push(result)
  }
  checkWrites(key, results, report)

  const when = part.fields.when === undefined ? undefined : compileExpression(part.fields.when, ["record", "linked"], "bool", report)
  if (when !== undefined) recordReads(when, input.entitySchema, input.entity, report)
  const onDelete = compileOnDelete(part.fields.on_delete, spec, key, report)
  const leaving = part.fields.leaving
  if (leaving?.value === "delete" && spec.write.delete === undefined)
    report.error(leaving.at, `${key} cannot delete items`, "say leaving: keep, or unlink")
  const create = part.fields.create
  if (create?.value === true && spec.write.create === undefined) report.error(create.at, `${key} cannot create items`, "say create: false")

  const fields = results.map((result) => result.field)
  const byName = new Map(fields.map((field) => [field.name, field]))
  return {
    binding: {
      key,
      system: systemName,
      resource: resourceName,
      entity: input.entity,
      fields,
      field: (name) => byName.get(name),
      project: projection([...new Set(fields.flatMap((field) => [...field.reads, ...field.writes]))]),
      accepts: when === undefined ? () => true : (record, linked) => truth(when.run({ record, linked })),
      leaving: leaving?.value ?? "keep",
      onDelete,
      create: create?.value ?? spec.write.create !== undefined,
      fingerprint: partsOf(results, when?.canonical ?? null),
      spec,
    },
    filterReads: when?.reads ?? [],
    complete: results.length === (part.fields.fields ?? []).length,
    fieldsAt: new Map((part.fields.fields ?? []).map((item) => [item.key, item.keyAt])),
  }
}

/** `field=hash;field=hash;when=hash`: tells not only that a mapping changed, but which of its fields. */
const partsOf = (results: readonly FieldResult[], when: string | null): string =>
  [...results.map((result) => `${result.field.name}=${fingerprint(result.meaning)}`).sort(), `when=${fingerprint(when)}`].join(";")

/** A condition that is neither true nor false (a blank) does not hold. */
export const truth = (result: Json | LensFailure): boolean | LensFailure => {
  if (result instanceof LensFailure || typeof result === "boolean") return result
  return result === null ? false : new LensFailure("the expression gives neither true nor false")
}

function findSpec(systemName: string, resourceName: string, input: BindingInput): ResourceSpec | null {
  const { report, keyAt } = input
  if (input.systemNames === null) return null
  if (!input.systemNames.includes(systemName)) {
    report.error(part(keyAt, 0, systemName.length), `no system "${systemName}" in this pipeline`, didYouMean(systemName, input.systemNames))
    return null
  }
  // A system that could not be compiled has been reported; what depends on it waits.
  const system = input.systems.find((candidate) => candidate.name === systemName)
  if (system === undefined) return null
  const spec = system.description.resources.find((resource) => resource.name === resourceName)
  if (spec !== undefined) return spec
  const names = system.description.resources.map((resource) => resource.name)
  report.error(
    part(keyAt, systemName.length + 1, resourceName.length),
    `${systemName} (${system.connector.name}) has no resource "${resourceName}"`,
    didYouMean(resourceName, names),
  )
  return null
}

const part = (at: Span, from: number, length: number): Span => ({ path: at.path, start: at.start + from, end: at.start + from + length })

/** Two rules that write one path, or one inside the other, would undo each other for ever. */
function checkWrites(key: string, results: readonly FieldResult[], report: Report): void {
  const taken = new Map<string, string>()
  for (const { field, writesAt } of results) {
    for (const [path, at] of writesAt) {
      for (const [other, owner] of taken) {
        if (other === path)
          report.error(at, `"${path}" of ${key} is written by "${owner}" and by "${field.name}"`, "one of the two must say direction: in")
        else if (other.startsWith(`${path}.`) || path.startsWith(`${other}.`)) {
          report.error(
            at,
            `"${path}" and "${other}" of ${key} lie inside one another, and both are written`,
            "one of the two must say direction: in",
          )
        }
      }
      if (!taken.has(path)) taken.set(path, field.name)
    }
  }
}

/** The canonical fields that an expression reads must exist. */
export function recordReads(expression: Expression, schema: JsonObject | null, entity: string, report: Report): void {
  if (schema === null) return
  for (const read of expression.reads) {
    if (read.root !== "record" || read.path === "" || factsAt(schema, read.path) !== null) continue
    report.error(read.at, `the schema of ${entity} has no "${read.path}"`, didYouMean(read.path, pathsOf(schema)))
  }
}

function compileOnDelete(part: OnDeletePart | undefined, spec: ResourceSpec, key: string, report: Report): Binding["onDelete"] {
  if (part === undefined || part.kind === "keep") return { kind: "keep" }
  if (part.kind === "propagate") {
    if (spec.write.delete === undefined)
      report.error(part.at, `${key} cannot delete items`, "say on_delete: keep, or { archive: { path: value } }")
    return { kind: "propagate" }
  }
  if (part.set === null) {
    if (spec.write.delete?.soft !== true)
      report.error(part.at, `${key} has no archive of its own`, "say which value marks an item as gone: { archive: { path: value } }")
    return { kind: "archive", fields: null }
  }
  if (spec.write.update === undefined) report.error(part.at, `${key} cannot update items`, "say on_delete: keep")
  const set: [string, Json][] = []
  for (const item of part.set) {
    const facts = factsAt(spec.schema, item.key)
    if (facts === null) missingPath(item.key, item.keyAt, { report, spec, binding: key })
    else if (facts.readOnly) report.error(item.keyAt, `"${item.key}" is read-only in ${key}`)
    else if (item.value !== undefined) {
      const value = item.value.value
      if (facts.values !== null && value !== null && !facts.values.includes(value)) {
        report.error(
          item.value.at,
          `${JSON.stringify(value)} is no value of "${item.key}" in ${key}`,
          didYouMean(String(value), facts.values.map(String)),
        )
      }
      set.push([item.key, value])
    }
  }
  return { kind: "archive", fields: Object.fromEntries(set) }
}
