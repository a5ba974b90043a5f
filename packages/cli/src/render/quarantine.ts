// What could not pass: a list of one line each, and one entry whole with its payload.
import type { Decision, Quarantined } from "@syncline/core"
import { cleanText } from "./clean.ts"
import { columns } from "./columns.ts"
import { plural } from "./count.ts"
import { showAgo } from "./moment.ts"
import { shellWord } from "./shell-word.ts"
import { showValue } from "./value.ts"
import type { View } from "./view.ts"

/** What to call an entry: the remote id where that names it alone, else its own. */
export const handleOf = (item: Quarantined, among: readonly Quarantined[] = [item]): string =>
  item.remoteId === null || among.some((other) => other !== item && other.remoteId === item.remoteId) ? item.id : item.remoteId

export function renderQuarantine(
  items: readonly Quarantined[],
  decided: ReadonlyMap<string, Decision>,
  view: View & { readonly file: string; readonly more: boolean },
): string[] {
  const { paint, width, now, file } = view
  if (items.length === 0) return [`${paint.green("✓")} Nothing in quarantine.`]
  const rows = items.map((item) => [
    paint.bold(cleanText(handleOf(item, items))),
    item.direction === "in" ? "← read" : "→ write",
    cleanText(item.binding),
    decided.has(item.id)
      ? paint.green(`${decided.get(item.id)?.kind}: the next run does it`)
      : `${item.field === null ? "" : `${cleanText(item.field)}: `}${cleanText(item.reason)}`,
    paint.dim(showAgo(item.since, now)),
  ])
  const heads = [
    { title: "id", least: 12 },
    { title: "" },
    { title: "binding" },
    { title: "reason", least: 20 },
    { title: "since", least: 9 },
  ]
  const lines = columns(heads, rows, width, paint.dim)
  if (view.more) lines.push(paint.dim("  … and more (--limit)"))
  const first = items[0]
  lines.push("", plural(items.length, "item"))
  if (first !== undefined) lines.push(paint.dim(`Next: syncline quarantine show ${file} ${shellWord(handleOf(first, items))}`))
  return lines
}

export function renderQuarantined(item: Quarantined, decision: Decision | null, view: View & { readonly file: string }): string[] {
  const { paint, width, now, file } = view
  const id = shellWord(item.id)
  const lines = [
    `${paint.bold(cleanText(item.binding))} ${cleanText(item.remoteId ?? "(new)")}  ${item.direction === "in" ? "could not be taken in" : "was refused by the system"}`,
    `  ${paint.yellow(item.field === null ? "" : `${cleanText(item.field)}: `)}${cleanText(item.reason)}`,
    "",
    ...columns(
      [{ title: "" }, { title: "" }],
      Object.entries(item.item).map(([name, value]) => [paint.cyan(cleanText(name)), showValue(value)]),
      width - 4,
      (text) => text,
    ).map((line) => `    ${line}`),
    "",
    paint.dim(
      `  ${cleanText(item.id)}, held ${showAgo(item.since, now)}${item.version === null ? "" : `, version ${cleanText(item.version)}`}`,
    ),
  ]
  if (decision !== null)
    return [...lines, `  ${paint.green(`${decision.kind}:`)} ${paint.dim(`the next run does it: syncline run ${file}`)}`]
  return [
    ...lines,
    "",
    "It is released by itself when the item or the mapping changes. By hand:",
    `  syncline quarantine retry ${file} ${id}`,
    `  syncline quarantine drop ${file} ${id}`,
  ]
}
