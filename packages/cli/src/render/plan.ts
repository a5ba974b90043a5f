// A plan as a person reads it: the counts, a few writes of each kind as diffs, what would wait for people, and what would
// stop it.
import type { Plan, PlannedWrite } from "@syncline/core"
import { renderGuards, renderQuarantineLine, renderReviewLine, renderUnreachable } from "./attention.ts"
import { cleanText } from "./clean.ts"
import { plural } from "./count.ts"
import { renderSystems } from "./systems.ts"
import type { View } from "./view.ts"
import { renderWrite } from "./write.ts"

const LINES_OF_EACH = 5
const VERB = { create: "create", update: "update", delete: "delete" } as const

export function renderPlan(plan: Plan, view: View & { readonly file: string; readonly samples: number }): string[] {
  const { paint, file, samples } = view
  const lines: string[] = [`${paint.bold(`Plan for ${cleanText(plan.pipeline)}`)}${paint.dim("  nothing has been written")}`, ""]
  lines.push(...renderSystems(plan.systems, view))
  for (const [title, writes] of groups(plan.writes)) {
    lines.push("", `${paint.bold(title)}  ${plural(writes.length, "item")}`)
    for (const write of writes.slice(0, samples)) lines.push(...renderWrite(write, view))
    if (writes.length > samples) lines.push(paint.dim(`    … and ${writes.length - samples} more (--samples ${writes.length})`))
  }
  const few = <T>(title: string, items: readonly T[], render: (item: T) => string[], all: string): void => {
    if (items.length === 0) return
    lines.push("", paint.bold(`${plural(items.length, "item")} ${title}`))
    for (const item of items.slice(0, LINES_OF_EACH))
      lines.push(
        ...render(item)
          .slice(0, 1)
          .map((line) => `  ${line}`),
      )
    if (items.length > LINES_OF_EACH) lines.push(paint.dim(`    … and ${items.length - LINES_OF_EACH} more${all}`))
  }
  few("would go to review", plan.reviews, (review) => renderReviewLine(review, file, view), "")
  few("would be quarantined", plan.quarantine, (item) => renderQuarantineLine(item, file, view), "")
  for (const warning of plan.warnings) lines.push("", `${paint.yellow("!")} ${cleanText(warning)}`)
  if (plan.unreachable.length > 0) lines.push("", ...renderUnreachable(plan.unreachable, file, view))
  if (plan.guards.length > 0) lines.push("", ...renderGuards(plan.guards, file, view))
  lines.push("", conclusion(plan, view))
  return lines
}

function conclusion(plan: Plan, { paint, file }: View & { readonly file: string }): string {
  const asks = plan.reviews.length + plan.quarantine.length > 0
  if (plan.writes.length === 0 && plan.unreachable.length === 0)
    return `${paint.green("✓")} Nothing to write.${asks ? " What is named above waits for a person." : ""}`
  if (plan.writes.length === 0) return "Nothing to write that is known of."
  const stopped = plan.guards.length > 0 ? " if the guard let it" : ""
  return `A run would make ${plural(plan.writes.length, "write")}${stopped}. ${paint.dim(`Next: syncline run ${file}`)}`
}

function groups(writes: readonly PlannedWrite[]): (readonly [string, PlannedWrite[]])[] {
  const found = new Map<string, PlannedWrite[]>()
  for (const kind of ["create", "update", "delete"] as const) {
    for (const write of writes) {
      if (write.kind !== kind) continue
      const title = `${VERB[kind]} in ${cleanText(write.binding)}`
      const group = found.get(title)
      if (group === undefined) found.set(title, [write])
      else group.push(write)
    }
  }
  return [...found]
}
