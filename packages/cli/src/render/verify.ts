// A full comparison as a person reads it: what was compared, then every cause with a few of its differences, and what to
// do about it.
import type { Cause, Difference, VerifyReport } from "@syncline/core"
import { renderUnreachable } from "./attention.ts"
import { cleanText } from "./clean.ts"
import { columns, type Column } from "./columns.ts"
import { plural, showCount } from "./count.ts"
import { showValue } from "./value.ts"
import type { View } from "./view.ts"

type VerifyView = View & { readonly file: string; readonly samples: number; readonly repaired?: boolean }

/** In the order in which they are told. */
const CAUSES: Readonly<Record<Cause, readonly [name: string, next: string]>> = {
  lost_write: ["lost write", "a repair writes the record's value again"],
  edited_outside: ["edited outside", "a repair takes it in as an edit, by the pipeline's policies"],
  record: ["wrong record", "a repair takes the systems' value into the record"],
  memory: ["wrong memory", "a repair reads the item again; the values agree"],
  never_synced: ["never synced", "a repair takes it in, or creates it"],
  missing: ["missing there", "a repair asks for proof that it was deleted, and keeps to the guards"],
  extra: ["too many", "a repair reads it again, and asks where it cannot tell"],
  mapping: ["mapping", "the mapping or the value must change: see explain"],
  owed: ["still owed", "the next run writes it"],
  drift: ["changed schema", "it goes on by itself when the field is back, or when the mapping names another"],
  held: ["waits for a person", "answer it: review list, quarantine list"],
}
/** What a repair leaves as it is: another step is named beside each. */
const NOT_FOR_REPAIR: ReadonlySet<Cause> = new Set(["mapping", "drift", "held"])

const REASONS = {
  filter: "left out by a filter or kept after a delete",
  rewritten: "rewritten by the system as ever",
  one_way: "only read, or only written",
  ignored: "left alone by decision",
  forgotten: "about people who were forgotten",
} as const

export function renderVerify(report: VerifyReport, view: VerifyView): string[] {
  const { paint, file } = view
  const title = view.repaired === true ? "Compared again" : `Comparison of ${cleanText(report.pipeline)}`
  const lines = [`${paint.bold(title)}${view.repaired === true ? "" : paint.dim("  nothing has been written")}`, ""]
  lines.push(...renderCompared(report, view))
  for (const cause of causesOf(report)) lines.push("", ...renderCause(cause, report, view))
  if (report.unlisted > 0) lines.push("", paint.dim(`  ${plural(report.unlisted, "difference")} more were counted and are not listed.`))
  for (const warning of report.warnings) lines.push("", `${paint.yellow("!")} ${cleanText(warning)}`)
  if (report.unreachable.length > 0) lines.push("", ...renderUnreachable(report.unreachable, file, view))
  lines.push("", ...conclusion(report, view))
  return lines
}

/** One line: what a repair set out from. */
export function renderFound(report: VerifyReport, { paint }: View): string[] {
  const parts = causesOf(report).map((cause) => `${showCount(report.causes[cause] ?? 0)} ${CAUSES[cause][0]}`)
  return [`${paint.bold("Found")}  ${parts.length === 0 ? "no difference" : parts.join(", ")}`]
}

const causesOf = (report: VerifyReport): readonly Cause[] =>
  // Its keys are the causes.
  (Object.keys(CAUSES) as Cause[]).filter((cause) => (report.causes[cause] ?? 0) > 0)

function renderCompared(report: VerifyReport, { paint, width }: View): string[] {
  const heads: Column[] = [
    { title: "binding" },
    ...["items", "linked", "values", "agree", "differ"].map((title) => ({ title, align: "right" }) as const),
  ]
  const rows = report.compared.map((each) => [
    paint.bold(cleanText(each.binding)),
    showCount(each.items),
    showCount(each.linked),
    showCount(each.fields),
    showCount(each.agree),
    each.differences === 0 ? paint.dim("0") : paint.red(showCount(each.differences)),
  ])
  return columns(heads, rows, width - 2, paint.dim).map((line) => `  ${line}`)
}

function renderCause(cause: Cause, report: VerifyReport, view: VerifyView): string[] {
  const { paint, samples } = view
  const [name, next] = CAUSES[cause]
  const lines = [`${paint.yellow("≠")} ${paint.bold(name)}  ${showCount(report.causes[cause] ?? 0)}  ${paint.dim(next)}`]
  const own = Map.groupBy(
    report.differences.filter((each) => each.cause === cause),
    (each) => each.binding,
  )
  for (const [binding, differences] of own) {
    lines.push(`  ${cleanText(binding)}`)
    lines.push(...renderDifferences(differences.slice(0, samples), view))
    if (differences.length > samples)
      lines.push(paint.dim(`    … and ${showCount(differences.length - samples)} more (--samples ${differences.length})`))
  }
  return lines
}

function renderDifferences(differences: readonly Difference[], { paint, width }: View): string[] {
  if (differences.length === 0) return []
  const who: Column = { title: "who", least: 12 }
  const why: Column = { title: "why", least: 34 }
  // items as a whole have no values to show
  const whole = differences.every((each) => each.field === null)
  const heads: Column[] = whole ? [who, why] : [who, { title: "field" }, { title: "record", least: 8 }, { title: "there", least: 8 }, why]
  const rows = differences.map((each) => {
    const values = [
      each.field === null ? paint.dim("–") : paint.cyan(cleanText(each.field)),
      showValue(each.record),
      showValue(each.actual),
    ]
    return [cleanText(each.label), ...(whole ? [] : values), paint.dim(cleanText(each.note))]
  })
  return columns(heads, rows, width - 4, paint.dim).map((line) => `    ${line}`)
}

function conclusion(report: VerifyReport, { paint, file, repaired }: VerifyView): string[] {
  const values = report.compared.reduce((sum, each) => sum + each.fields, 0)
  const explained = (Object.keys(REASONS) as (keyof typeof REASONS)[])
    .filter((reason) => (report.explained[reason] ?? 0) > 0)
    .map((reason) => `${showCount(report.explained[reason] ?? 0)} ${REASONS[reason]}`)
  const lines = explained.length === 0 ? [] : [paint.dim(`  As the pipeline wants it: ${explained.join("; ")}.`)]
  const count = report.differences.length + report.unlisted
  if (count > 0) {
    const repairs = report.unlisted > 0 || report.differences.some(({ cause, again }) => again === true || !NOT_FOR_REPAIR.has(cause))
    const next = repairs ? paint.dim(`Next: syncline verify ${file} --repair`) : "None is for a repair: what to do is said above."
    return [...lines, `${paint.red("≠")} ${plural(count, "difference")}${repaired === true ? " left." : `. ${next}`}`]
  }
  if (report.unreachable.length > 0) return [...lines, `${paint.red("✗")} Not all could be compared.`]
  const all = `${plural(values, "value")} compared`
  return [...lines, `${paint.green("✓")} ${repaired === true ? `Repaired: no difference is left, ${all}.` : `No difference: ${all}.`}`]
}
