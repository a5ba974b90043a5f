// How a pass went: one row a system, then one line for each thing that needs somebody, with what to type next.
import type { RunReport } from "@syncline/core"
import { renderGuards, renderUnreachable } from "./attention.ts"
import { cleanText } from "./clean.ts"
import { plural } from "./count.ts"
import { showSpan } from "./moment.ts"
import { renderSystems } from "./systems.ts"
import type { View } from "./view.ts"

export function renderReport(report: RunReport, view: View & { readonly file: string }): string[] {
  const { paint, file } = view
  const lines = [...renderSystems(report.systems, view)]
  const need: string[] = []
  if (report.reviewsClosed > 0) need.push(`${paint.green("✓")} ${plural(report.reviewsClosed, "review")} settled.`)
  if (report.reviewsOpen > 0) {
    const what = [
      ...(report.reviewsOpened > 0 ? [`${report.reviewsOpened} new`] : []),
      ...(report.reviewsOverdue > 0 ? [paint.red(`${report.reviewsOverdue} overdue`)] : []),
    ]
    const fresh = what.length === 0 ? "" : ` (${what.join(", ")})`
    need.push(
      `${paint.yellow("?")} ${plural(report.reviewsOpen, "question")}${fresh} for a person. ${paint.dim(`Next: syncline review list ${file}`)}`,
    )
  }
  if (report.quarantined > 0) {
    const fresh = report.quarantinedNow > 0 ? ` (${report.quarantinedNow} new)` : ""
    need.push(
      `${paint.yellow("!")} ${plural(report.quarantined, "item")}${fresh} in quarantine. ${paint.dim(`Next: syncline quarantine list ${file}`)}`,
    )
  }
  for (const warning of report.warnings) need.push(`${paint.yellow("!")} ${cleanText(warning)}`)
  need.push(...renderUnreachable(report.unreachable, file, view), ...renderGuards(report.guards, file, view))
  if (need.length > 0) lines.push("", ...need)
  lines.push("", summary(report, view))
  return lines
}

export const writesOf = (report: RunReport): number =>
  report.systems.reduce((sum, system) => sum + system.created + system.updated + system.deleted, 0)

function summary(report: RunReport, { paint }: View): string {
  const took = paint.dim(`${showSpan(report.endedAt - report.startedAt)}, ${cleanText(report.run)}`)
  const writes = writesOf(report)
  const postponed = report.systems.reduce((sum, system) => sum + system.postponed, 0)
  const rest = postponed === 0 ? "" : ` ${plural(postponed, "write")} postponed.`
  const made = writes === 0 ? "no writes." : `${plural(writes, "write")}.`
  const news = writes === 0 ? "nothing new to write" : plural(writes, "write")
  switch (report.outcome) {
    case "done":
      if (report.reviewsOpen > 0 || report.quarantined > 0)
        return `${paint.green("✓")} Done: ${news}; what waits for a person stays as it is.${rest} ${took}`
      if (report.heldFields > 0)
        return `${paint.green("✓")} Done: ${news}; ${plural(report.heldFields, "field")} held until what it is read from is back.${rest} ${took}`
      return `${paint.green("✓")} ${writes === 0 ? "All systems are in step: nothing to write." : `All systems are in step: ${made}`}${rest} ${took}`
    case "attention":
      return `${paint.yellow("✓")} Done, and a person is asked: ${made}${rest} ${took}`
    case "guard":
      return `${paint.red("✗")} Stopped by a guard: ${made}${rest} ${took}`
    case "unreachable":
      return `${paint.red("✗")} Not finished, nothing is lost: ${made}${rest} ${took}`
  }
}

/** One line a pass, for `--watch`; null where nothing happened. */
export function passLine(report: RunReport): string | null {
  const parts = report.systems.flatMap((system) => {
    const did = (["created", "updated", "deleted", "postponed", "refused"] as const)
      .filter((name) => system[name] > 0)
      .map((name) => `${system[name]} ${name}`)
    return did.length === 0 ? [] : [`${cleanText(system.system)}: ${did.join(", ")}`]
  })
  if (report.reviewsOpened > 0) parts.push(`${plural(report.reviewsOpened, "question")} for a person`)
  if (report.overdueNow > 0) parts.push(`${plural(report.overdueNow, "question")} overdue`)
  if (report.reviewsClosed > 0) parts.push(`${plural(report.reviewsClosed, "review")} settled`)
  if (report.quarantinedNow > 0) parts.push(`${report.quarantinedNow} quarantined`)
  for (const trip of report.guards) parts.push(`stopped by the ${trip.guard} guard: ${cleanText(trip.message)}`)
  return parts.length === 0 ? null : parts.join("; ")
}

export const clock = (at: number): string => new Date(at).toISOString().slice(11, 19)
