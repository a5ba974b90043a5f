// Whether values can flow as the entity wants: keys that somebody produces, required fields that somebody provides,
// fields that somebody reads, and somebody to keep in step with.
import type { JsonObject, Json } from "../../model/value.ts"
import type { CompiledField } from "../../model/pipeline.ts"
import type { EntityPart } from "../language/entity.ts"
import { factsAt, pathsOf } from "../path/schema.ts"
import { didYouMean, type Report, type Span, type Expression } from "@syncline/connector/language"
import type { BindingResult } from "./binding.ts"

export interface FlowInput {
  readonly part: EntityPart
  readonly name: string
  readonly nameAt: Span
  readonly schema: JsonObject
  readonly results: readonly BindingResult[]
  /** Whether every binding compiled, so that absence of a reader is a fact. */
  readonly complete: boolean
  /** What filters and rules read of a record. */
  readonly conditions: Expression["reads"]
  readonly report: Report
}

const reads = (field: CompiledField | undefined): boolean => field !== undefined && field.direction !== "out"

export function checkFlow(input: FlowInput): void {
  checkKeys(input)
  if (input.results.length === 1 && input.complete && !input.report.failed) {
    input.report.warning(
      input.nameAt,
      `${input.name} is bound to one system only: there is nothing to keep in step`,
      "add a second binding",
    )
  }
  if (!input.complete) return
  checkReaders(input)
  checkRequired(input)
  checkConditions(input)
  checkPolicies(input)
}

function checkKeys({ part, name, schema, results, complete, report }: FlowInput): void {
  for (const key of part.fields.match?.items ?? []) {
    let known = true
    for (const field of key.items) {
      const facts = factsAt(schema, field.value)
      if (facts === null) {
        report.error(field.at, `the schema of ${name} has no "${field.value}"`, didYouMean(field.value, pathsOf(schema)))
        known = false
      } else if (complete && !results.some(({ binding }) => reads(binding.field(field.value)))) {
        report.error(
          field.at,
          `nobody can produce the match key "${field.value}": no binding reads it`,
          "map it in at least one binding, without direction: out",
        )
        known = false
      }
    }
    if (!known || !complete || results.length < 2) continue
    const makers = results.filter(({ binding }) => key.items.every((field) => reads(binding.field(field.value))))
    if (makers.length === 1) {
      const others = results.filter((result) => result !== makers[0]).map(({ binding }) => binding.key)
      report.warning(
        key.at,
        `only ${makers[0]?.binding.key} gives this key: items of ${others.join(", ")} cannot be recognised by it`,
        "map its fields there as well",
      )
    }
  }
}

/** A value that is written everywhere and read nowhere never comes into being. */
function checkReaders({ name, results, report }: FlowInput): void {
  for (const { binding, fieldsAt } of results) {
    for (const field of binding.fields) {
      if (field.direction !== "out" || results.some((other) => reads(other.binding.field(field.name)))) continue
      report.error(
        fieldsAt.get(field.name) ?? { path: "", start: 0, end: 0 },
        `nobody reads "${field.name}" of ${name}: every binding only writes it`,
        "some binding must read it",
      )
    }
  }
}

/** A condition on a field that no system gives is always about a blank. */
function checkConditions({ name, schema, results, conditions, report }: FlowInput): void {
  for (const read of conditions) {
    const field = read.path.split(".")[0] ?? ""
    if (read.root !== "record" || field === "" || factsAt(schema, field) === null) continue
    if (results.some(({ binding }) => reads(binding.field(field)))) continue
    report.warning(read.at, `"${field}" of ${name} is always blank: no binding reads it`, "map it in a binding")
  }
}

/** Policies that can never do what they say. */
function checkPolicies({ part, name, schema, results, report }: FlowInput): void {
  for (const { key: field, value: policy } of part.fields.conflicts?.fields.fields ?? []) {
    if (policy?.kind === "prefer" && results.some(({ binding }) => binding.system === policy.system.value)) {
      const given = results.some(({ binding }) => binding.system === policy.system.value && reads(binding.field(field)))
      if (!given)
        report.warning(
          policy.system.at,
          `${policy.system.value} never gives "${field}" of ${name}: there is nothing to prefer`,
          "name a system that is read",
        )
    }
    if (policy?.kind !== "union" || factsAt(schema, field)?.kinds.includes("list") !== true) continue
    for (const binding of part.fields.bindings ?? []) {
      const rule = binding.value?.fields.fields?.find((item) => item.key === field)?.value
      if (rule?.kind !== "path" || rule.lenses.some(({ use }) => use.name === "set")) continue
      report.warning(rule.at, `"${field}" is united as a set, but here the order of its values counts`, "add the lens set")
    }
  }
}

function checkRequired({ part, name, schema, results, report }: FlowInput): void {
  const required = schema["required"]
  const written = part.fields.schema
  if (!Array.isArray(required) || written === undefined) return
  const at =
    written.kind === "file"
      ? written.path.at
      : written.node.kind === "map"
        ? (written.node.entries.find((entry) => entry.key === "required")?.value.at ?? written.node.at)
        : written.node.at
  for (const field of required as readonly Json[]) {
    if (typeof field !== "string" || results.some(({ binding }) => reads(binding.field(field)))) continue
    report.error(at, `the schema of ${name} requires "${field}", but no binding reads it`, "map it in a binding, or do not require it")
  }
}
