// Why a value is what it is: a table of fields by systems, then for each field who wrote it, what is pending and why,
// and what happened to it.
import type { Explanation, FieldExplanation, FieldInSystem } from "@syncline/core"
import { renderQuarantineLine, renderReviewLine } from "./attention.ts"
import { cleanText } from "./clean.ts"
import { columns, type Column } from "./columns.ts"
import { renderJournalRow } from "./journal.ts"
import { showAgo, showTime } from "./moment.ts"
import { showStamp } from "./stamp.ts"
import { showValue } from "./value.ts"
import type { View } from "./view.ts"

const MARK: Readonly<Record<FieldInSystem["state"], string>> = {
  agrees: "✓",
  owed: "→",
  held: "?",
  blocked: "!",
  differs: "≠",
  "not linked": "",
}
const MEANING: Readonly<Record<FieldInSystem["state"], string>> = {
  agrees: "agrees",
  owed: "will be written",
  held: "held by a question",
  blocked: "held up",
  differs: "differs",
  "not linked": "not linked",
}
const HISTORY = 8

export function renderExplanation(explanation: Explanation, view: View & { readonly file: string; readonly detailed: boolean }): string[] {
  const { paint, width, now, file } = view
  const bindings = [...new Set(explanation.fields.flatMap((field) => field.systems.map((each) => each.binding)))]
  const lines = [
    `${paint.bold(cleanText(explanation.label))}  ${paint.dim(`${cleanText(explanation.entity)} ${cleanText(explanation.recordId)}`)}`,
  ]
  if (explanation.deleted !== null)
    lines.push(
      paint.red(
        `  deleted in ${cleanText(explanation.deleted.system)} ${showAgo(explanation.deleted.at, now)}: ${cleanText(explanation.deleted.proof)}`,
      ),
    )
  lines.push("")
  const heads: Column[] = [
    { title: "field" },
    { title: "value", least: 10 },
    ...bindings.map((title) => ({ title: cleanText(title), least: 8 })),
  ]
  const rows = explanation.fields.map((field) => [
    paint.cyan(cleanText(field.field)),
    paint.bold(showValue(field.value)),
    ...bindings.map((binding) => cell(field, binding, view)),
  ])
  lines.push(...columns(heads, rows, width - 2, paint.dim).map((line) => `  ${line}`))
  const used = new Set(explanation.fields.flatMap((field) => field.systems.map((each) => each.state)))
  const legend = ([...used] as FieldInSystem["state"][])
    .filter((state) => MARK[state] !== "")
    .map((state) => `${MARK[state]} ${MEANING[state]}`)
  if (legend.length > 0) lines.push("", `  ${paint.dim(legend.join("   "))}`)
  lines.push("")
  for (const field of explanation.fields) lines.push(...provenance(field, view))
  lines.push("")
  for (const link of explanation.links) {
    const owed =
      link.owed.length === 0
        ? ""
        : `, owes ${link.owed.map(cleanText).join(", ")}${link.dueAt === null ? "" : link.dueAt <= now ? " (due now)" : ` (due ${showAgo(link.dueAt, now)})`}`
    lines.push(
      `  ${cleanText(link.binding)}: ${link.remoteId === null ? paint.dim("not there yet") : cleanText(link.remoteId)}, ${link.state}${owed}`,
    )
    if (link.blocked !== null) lines.push(`    ${paint.red(cleanText(link.blocked))}`)
  }
  for (const review of explanation.reviews) lines.push("", ...renderReviewLine(review, file, view).map((line) => `  ${line}`))
  for (const item of explanation.quarantine) lines.push("", ...renderQuarantineLine(item, file, view).map((line) => `  ${line}`))
  if (view.detailed) {
    for (const field of explanation.fields) {
      lines.push("", paint.bold(`History of ${cleanText(field.field)}`))
      if (field.history.length === 0) lines.push(paint.dim("  nothing yet"))
      for (const row of field.history)
        lines.push(
          ...renderJournalRow({ ...row, changes: row.changes.filter((change) => change.field === field.field) }, { ...view, label: "" }),
        )
    }
    return lines
  }
  const history = [...new Map(explanation.fields.flatMap((field) => field.history).map((row) => [row.seq, row])).values()].sort(
    (a, b) => b.seq - a.seq,
  )
  if (history.length > 0)
    lines.push("", paint.bold("History"), ...history.slice(0, HISTORY).flatMap((row) => renderJournalRow(row, { ...view, label: "" })))
  if (history.length > HISTORY)
    lines.push(paint.dim(`  … and ${history.length - HISTORY} more: syncline log ${file} --record ${cleanText(explanation.recordId)}`))
  return lines
}

function cell(field: FieldExplanation, binding: string, { paint }: View): string {
  const there = field.systems.find((each) => each.binding === binding)
  if (there === undefined) return paint.dim("·")
  const color = {
    agrees: paint.green,
    owed: paint.yellow,
    held: paint.yellow,
    blocked: paint.red,
    differs: paint.yellow,
    "not linked": paint.dim,
  }[there.state]
  const way = there.direction === "both" ? "" : paint.dim(` (${there.direction})`)
  if (there.state === "not linked") return paint.dim("–")
  return `${color(MARK[there.state])} ${showValue(there.value)}${way}`
}

function provenance(field: FieldExplanation, { paint, now }: View): string[] {
  const name = paint.cyan(cleanText(field.field))
  const { stamp } = field
  if (stamp === null) return [`  ${name}: nobody has written it yet.`]
  const by = `  ${name}: written by ${showStamp(stamp, now)} ${paint.dim(`(${showTime(stamp.at)})`)}`
  // What an earlier value won over is history, and says nothing about this one.
  const lost = field.history
    .flatMap((row) => row.changes)
    .find(
      (change) =>
        change.field === field.field && change.lost !== undefined && change.by?.system === stamp.system && change.by.at === stamp.at,
    )
  if (lost === undefined) return [by]
  const loser = lost.lostBy === undefined ? "" : ` from ${showStamp(lost.lostBy, now)}`
  return [by, `    ${paint.dim(`won over ${showValue(lost.lost)}${loser}${lost.rule === undefined ? "" : ` by ${cleanText(lost.rule)}`}`)}`]
}
