// One entity: schema, keys, rules, bindings and policies, and whether they fit together.
import type { Ajv2020 } from "ajv/dist/2020.js"
import type { Entity, Policy, SystemConfig } from "../../model/pipeline.ts"
import type { JsonObject } from "../../model/value.ts"
import { compileExpression } from "./expression.ts"
import type { EntityPart } from "../language/entity.ts"
import { factsAt, pathsOf } from "../path/schema.ts"
import { didYouMean, type Span, type Expression } from "@syncline/connector/language"
import { compileBinding, recordReads, truth, type BindingResult } from "./binding.ts"
import type { Context } from "./context.ts"
import { compileEntitySchema } from "./entity-schema.ts"
import { checkFlow } from "./flow.ts"
import { compileOnMatch, compilePolicy, type PolicyPlace } from "./policy.ts"

export interface EntityInput {
  readonly name: string
  readonly nameAt: Span
  readonly part: EntityPart
  readonly systems: readonly SystemConfig[]
  readonly systemNames: readonly string[] | null
  readonly context: Context
  readonly ajv: Ajv2020
}

export function compileEntity(input: EntityInput): Entity | null {
  const { part, name, context } = input
  const { report } = context
  const schema = compileEntitySchema(part, name, context, input.ajv)
  const results: BindingResult[] = []
  let complete = true
  for (const item of part.fields.bindings ?? []) {
    const result =
      item.value === undefined
        ? null
        : compileBinding({
            key: item.key,
            keyAt: item.keyAt,
            part: item.value,
            entity: name,
            entitySchema: schema?.schema ?? null,
            systems: input.systems,
            systemNames: input.systemNames,
            report,
          })
    if (result === null || !result.complete) complete = false
    if (result !== null) results.push(result)
  }
  const { rules, reads: ruleReads } = compileRules(input, schema?.schema ?? null)
  const bound = (part.fields.bindings ?? []).map((item) => item.key.split(".")[0] ?? "")
  const place: PolicyPlace = { report, systemNames: input.systemNames, bound, entity: name }
  const policies = compilePolicies(part, schema?.schema ?? null, place)
  const onMatch = compileOnMatch(part.fields.on_match, place)
  if (schema === null) return null
  const bindings = results.map((result) => result.binding)
  // Half-known bindings would make "nobody reads this" a guess.
  checkFlow({
    part,
    name,
    nameAt: input.nameAt,
    schema: schema.schema,
    results,
    complete,
    conditions: [...ruleReads, ...results.flatMap((result) => result.filterReads)],
    report,
  })
  const fallback: Policy = policies.fallback
  return {
    name,
    schema: schema.schema,
    validate: schema.validate,
    rules,
    match: part.fields.match?.items.map((key) => key.items.map((field) => field.value)) ?? [],
    onMatch,
    fields: [...new Set(bindings.flatMap((binding) => binding.fields.map((field) => field.name)))],
    bindings,
    policy: (field) => policies.own.get(field) ?? fallback,
    hasOwnPolicy: (field) => policies.own.has(field),
    deleteVsEdit: part.fields.conflicts?.fields.delete_vs_edit?.value ?? "review",
  }
}

function compileRules(
  input: EntityInput,
  schema: JsonObject | null,
): { readonly rules: Entity["rules"]; readonly reads: Expression["reads"] } {
  const { report } = input.context
  const rules: Entity["rules"][number][] = []
  const reads: Expression["reads"][number][] = []
  for (const rule of input.part.fields.rules?.items ?? []) {
    const check = rule.fields.check === undefined ? undefined : compileExpression(rule.fields.check, ["record"], "bool", report)
    if (check === undefined) continue
    recordReads(check, schema, input.name, report)
    reads.push(...check.reads)
    rules.push({
      check: (record) => truth(check.run({ record })),
      message: rule.fields.message?.value ?? "",
      else: rule.fields.else?.value ?? "quarantine",
    })
  }
  return { rules, reads }
}

function compilePolicies(
  part: EntityPart,
  schema: JsonObject | null,
  place: PolicyPlace,
): { readonly own: ReadonlyMap<string, Policy>; readonly fallback: Policy } {
  const written = part.fields.conflicts?.fields
  const own = new Map<string, Policy>()
  for (const item of written?.fields ?? []) {
    if (schema !== null && factsAt(schema, item.key) === null) {
      place.report.error(item.keyAt, `the schema of ${place.entity} has no "${item.key}"`, didYouMean(item.key, pathsOf(schema)))
      continue
    }
    if (item.value !== undefined) own.set(item.key, compilePolicy(item.value, item.key, schema, place))
  }
  const fallback: Policy =
    written?.default === undefined ? { kind: "newest", order: null } : compilePolicy(written.default, null, schema, place)
  return { own, fallback }
}
