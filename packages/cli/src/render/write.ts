// One planned write as a diff: what is known as whom, each field before and after, and who wanted it so.
import type { FieldChange, PlannedWrite } from "@syncline/core"
import { cleanText } from "./clean.ts"
import { columns } from "./columns.ts"
import { showStamp } from "./stamp.ts"
import { showValue } from "./value.ts"
import type { View } from "./view.ts"
import { cut, widthOf, wrap } from "./width.ts"

const SIGN = { create: "+", update: "~", delete: "-" } as const
const CREATE_LINES = 3

export function renderWrite(write: PlannedWrite, view: View): string[] {
  const { paint, width } = view
  const color = { create: paint.green, update: paint.yellow, delete: paint.red }[write.kind]
  const id = write.remoteId === null ? "" : paint.dim(` ${cleanText(write.remoteId)}`)
  const head = cut(`  ${color(SIGN[write.kind])} ${paint.bold(cleanText(write.label))}${id}`, width)
  if (write.kind === "delete") return [head, ...(write.changes.length === 0 ? [] : renderChanges(write.changes, view))]
  // Everything of a new item is new: a list reads better than a diff against nothing.
  if (write.kind === "create") return [head, ...renderNew(write.changes, view)]
  return [head, ...renderChanges(write.changes, view)]
}

function renderNew(changes: readonly FieldChange[], { paint, width }: View): string[] {
  const text = changes.map((change) => `${paint.dim(`${cleanText(change.field)}:`)} ${showValue(change.after)}`).join("  ")
  const lines = wrap(text, width - 6).split("\n")
  const shown = lines.slice(0, CREATE_LINES)
  const last = shown.at(-1)
  if (lines.length > CREATE_LINES && last !== undefined) shown[CREATE_LINES - 1] = cut(`${last} …`, width - 6)
  return shown.map((line) => `      ${line}`)
}

/** `phone  +1 415…  →  +1 650…  crm, 2 min ago` */
export function renderChanges(changes: readonly FieldChange[], { paint, width, now }: View, indent = 6): string[] {
  const rows = changes.map((change) => [
    paint.cyan(cleanText(change.field)),
    paint.red(showValue(change.before)),
    paint.dim("→"),
    paint.green(showValue(change.after)),
    paint.dim(whyOf(change, now)),
  ])
  const heads = [{ title: "" }, { title: "" }, { title: "", least: 1 }, { title: "" }, { title: "" }]
  return columns(heads, rows, width - indent, (text) => text).map((line) => (widthOf(line) === 0 ? line : " ".repeat(indent) + line))
}

export function whyOf(change: FieldChange, now: number): string {
  const parts = [
    ...(change.by === undefined ? [] : [showStamp(change.by, now)]),
    ...(change.rule === undefined ? [] : [cleanText(change.rule)]),
    ...(change.lost === undefined
      ? []
      : [`over ${showValue(change.lost)}${change.lostBy === undefined ? "" : ` (${showStamp(change.lostBy, now)})`}`]),
  ]
  return parts.join("; ")
}
