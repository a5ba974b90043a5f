// The rules for questions that nobody answers, with the system they name looked up.
import type { ReviewRules } from "../../model/pipeline.ts"
import type { PipelinePart } from "../language/pipeline.ts"
import { didYouMean, type Report } from "@syncline/connector/language"

type Part = NonNullable<PipelinePart["fields"]["reviews"]>["fields"]

export function compileReviews(part: Part | undefined, systemNames: readonly string[] | null, report: Report): ReviewRules {
  const remindMs = part?.remind ?? null
  const { after, take } = part?.expire?.fields ?? {}
  if (after === undefined || take === undefined) return { remindMs, expire: null }
  if (take.kind === "newest") return { remindMs, expire: { afterMs: after, take } }
  if (systemNames !== null && !systemNames.includes(take.system.value))
    report.error(take.system.at, `no system "${take.system.value}" in this pipeline`, didYouMean(take.system.value, systemNames))
  return { remindMs, expire: { afterMs: after, take: { kind: "prefer", system: take.system.value } } }
}
