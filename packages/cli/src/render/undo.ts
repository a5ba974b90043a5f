// What taking back a run comes to, planned or done: per system what is restored, removed, made anew, asked about and left.
import type { UndoAction, UndoReport } from "@syncline/core"
import { renderUnreachable } from "./attention.ts"
import { cleanText } from "./clean.ts"
import { columns, type Column } from "./columns.ts"
import { plural, showCount } from "./count.ts"
import { showValue } from "./value.ts"
import type { View } from "./view.ts"

type UndoView = View & { readonly file: string; readonly samples: number; readonly asked: string }

/** In the order in which they are told: what it is called, and what it means. */
const KINDS: Readonly<Record<UndoAction["kind"], readonly [title: string, meaning: string]>> = {
  restore: ["restore", "the old value goes back; the other systems keep theirs until you decide"],
  remove: ["remove", "the run created it; no run makes it anew until you say so"],
  recreate: ["create anew", "the run deleted it"],
  ask: ["ask", "it was changed since: nothing is written, a question is opened"],
  leave: ["leave", "nothing is done"],
}

export function renderUndo(report: UndoReport, view: UndoView): string[] {
  const { paint, file } = view
  const planned = report.appliedBy === null
  const lines = [
    `${paint.bold(`${planned ? "Undo" : "Undone:"} ${cleanText(report.run)}`)}${planned ? paint.dim("  nothing has been written") : ""}`,
  ]
  const groups = Map.groupBy(report.actions, (action) => action.kind)
  // Its keys are the kinds.
  for (const kind of Object.keys(KINDS) as UndoAction["kind"][]) {
    const actions = groups.get(kind)
    if (actions !== undefined) lines.push("", ...renderKind(kind, actions, view))
  }
  if (report.failed.length > 0) {
    const text = `${plural(report.failed.length, "action")} did not go through, as if never tried. What was said: syncline log ${file}`
    lines.push("", `${paint.red("✗")} ${text}`)
  }
  if (report.open.length > 0)
    lines.push(
      "",
      `${paint.yellow("!")} ${plural(report.open.length, "action")} without an answer. The next run finds out: syncline run ${file}`,
    )
  if (report.unreachable.length > 0) lines.push("", ...renderUnreachable(report.unreachable, file, view))
  for (const trip of report.guards) {
    lines.push("", `${paint.red("✗")} stopped by the ${trip.guard} guard: ${cleanText(trip.message)}`)
    lines.push(
      `  ${paint.dim(`Let them through: syncline undo ${file} ${cleanText(view.asked)} --allow ${trip.guard}=${trip.count} --yes`)}`,
    )
  }
  lines.push("", conclusion(report, view))
  return lines
}

function renderKind(kind: UndoAction["kind"], actions: readonly UndoAction[], { paint, width, samples }: UndoView): string[] {
  const [title, meaning] = KINDS[kind]
  const lines = [`${paint.bold(title)}  ${showCount(actions.length)}  ${paint.dim(meaning)}`]
  for (const [binding, own] of Map.groupBy(actions, (action) => action.binding)) {
    lines.push(`  ${cleanText(binding)}`)
    const rows = own.slice(0, samples).map((action) => [cleanText(action.label), ...cells(action, paint)])
    const heads: Column[] = [{ title: "", least: 12 }, ...(rows[0] ?? []).slice(1).map(() => ({ title: "" }))]
    lines.push(...columns(heads, rows, width - 4, paint.dim).map((line) => `    ${line}`))
    if (own.length > samples) lines.push(paint.dim(`    … and ${showCount(own.length - samples)} more (--samples ${own.length})`))
  }
  return lines
}

function cells(action: UndoAction, paint: View["paint"]): string[] {
  switch (action.kind) {
    case "restore":
      return [paint.cyan(cleanText(action.field)), paint.red(showValue(action.now)), paint.dim("→"), paint.green(showValue(action.before))]
    case "ask":
      return [
        paint.cyan(cleanText(action.field)),
        `${showValue(action.now)} or ${showValue(action.before)}`,
        paint.dim(cleanText(action.why)),
      ]
    case "remove":
    case "recreate":
      return [paint.dim(cleanText(action.remoteId ?? ""))]
    case "leave":
      return [paint.cyan(cleanText(action.field ?? "")), paint.dim(cleanText(action.why))]
  }
}

function conclusion(report: UndoReport, { paint, file, asked }: UndoView): string {
  const doing = report.actions.filter((action) => action.kind !== "leave")
  if (report.waits !== null)
    return `${paint.yellow("!")} Nothing was looked at yet: ${report.waits}. ${paint.dim(`First: syncline run ${file}`)}`
  if (report.actions.length === 0) return "That run wrote nothing."
  if (doing.length === 0) return "Nothing of it can be taken back."
  if (report.appliedBy === null)
    return `${plural(doing.length, "action")}. ${paint.dim(`Do it: syncline undo ${file} ${cleanText(asked)} --yes`)}`
  if (report.guards.length > 0) return `${paint.red("✗")} Nothing was written.`
  const asks = doing.some((action) => action.kind === "restore" || action.kind === "ask")
  const held = doing.some((action) => action.kind === "remove")
  const next = asks ? ` Next: syncline review list ${file}` : held ? ` What is held: syncline quarantine list ${file}` : ""
  return `${paint.green("✓")} ${plural(doing.length - report.failed.length - report.open.length, "action")} done.${paint.dim(next)}`
}
