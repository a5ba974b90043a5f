// Conflict policies: the names of systems looked up, and each policy held against what the field can hold.
import type { OnMatch, Policy } from "../../model/pipeline.ts"
import type { Json, JsonObject } from "../../model/value.ts"
import { equal } from "../../model/value.ts"
import type { OnMatchPart, PolicyPart } from "../language/policy.ts"
import { didYouMean, type Report, type Text } from "@syncline/connector/language"
import { show } from "../lens/lens.ts"
import { factsAt, type PathFacts } from "../path/schema.ts"
import { named } from "./path-field.ts"

export interface PolicyPlace {
  readonly report: Report
  readonly systemNames: readonly string[] | null
  /** Systems that this entity is bound to. */
  readonly bound: readonly string[]
  readonly entity: string
}

export function compilePolicy(part: PolicyPart, field: string | null, schema: JsonObject | null, place: PolicyPlace): Policy {
  const facts = field === null || schema === null ? null : factsAt(schema, field)
  switch (part.kind) {
    case "prefer":
      known(part.system, place)
      return { kind: "prefer", system: part.system.value }
    case "newest":
      part.order?.forEach((system) => known(system, place))
      return { kind: "newest", order: part.order?.map((system) => system.value) ?? null }
    case "strictest":
      checkStrictest(part, field, facts, place)
      return { kind: "strictest", order: part.order.map((item) => item.value) }
    case "union":
      if (facts !== null && !facts.kinds.includes("list"))
        place.report.error(
          part.at,
          `the policy "union" merges lists, but "${field}" is ${named(facts.kinds)}`,
          "use newest, review or { prefer: system }",
        )
      return { kind: "union" }
    case "max":
    case "min":
      if (facts !== null && !facts.kinds.some((kind) => kind === "number" || kind === "text")) {
        place.report.error(
          part.at,
          `the policy "${part.kind}" compares numbers or texts, but "${field}" is ${named(facts.kinds)}`,
          "use newest, review or { prefer: system }",
        )
      }
      return { kind: part.kind }
    case "review":
      return { kind: "review" }
  }
}

export function compileOnMatch(part: OnMatchPart | undefined, place: PolicyPlace): OnMatch {
  if (part === undefined) return { kind: "newest" }
  if (part.kind !== "prefer") return { kind: part.kind }
  known(part.system, place)
  return { kind: "prefer", system: part.system.value }
}

function known(system: Text, place: PolicyPlace): void {
  if (place.systemNames === null) return
  if (!place.systemNames.includes(system.value))
    place.report.error(system.at, `no system "${system.value}" in this pipeline`, didYouMean(system.value, place.systemNames))
  else if (!place.bound.includes(system.value))
    place.report.error(system.at, `${place.entity} is not bound to the system "${system.value}"`, didYouMean(system.value, place.bound))
}

function checkStrictest(
  part: Extract<PolicyPart, { kind: "strictest" }>,
  field: string | null,
  facts: PathFacts | null,
  place: PolicyPlace,
): void {
  const seen: Json[] = []
  for (const item of part.order) {
    if (seen.some((other) => equal(other, item.value)))
      place.report.error(item.at, `${show(item.value)} is in the list twice`, "each value has one rank")
    seen.push(item.value)
  }
  if (facts === null) return
  if (!facts.kinds.some((kind) => kind !== "list" && kind !== "object")) {
    place.report.error(
      part.at,
      `the policy "strictest" ranks single values, but "${field}" is ${named(facts.kinds)}`,
      facts.kinds.includes("list") ? "use union" : null,
    )
    return
  }
  if (facts.values === null) return
  for (const item of part.order) {
    if (!facts.values.some((value) => equal(value, item.value)))
      place.report.error(
        item.at,
        `${show(item.value)} is no value of "${field}" in the schema`,
        didYouMean(String(item.value), facts.values.map(String)),
      )
  }
  const missing = facts.values.filter((value) => !part.order.some((item) => equal(item.value, value)))
  if (missing.length > 0)
    place.report.warning(part.at, `the list says nothing of ${missing.map(show).join(", ")}`, "a conflict with such a value goes to review")
}
