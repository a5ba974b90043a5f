// What `check` found, system by system: reached or not, the mapping on real items, what can be promised and what not.
import type { Guarantee } from "@syncline/core"
import { cleanText } from "./clean.ts"
import { plural } from "./count.ts"
import type { View } from "./view.ts"
import { wrap } from "./width.ts"

export interface CheckedBinding {
  readonly binding: string
  readonly system: string
  readonly fields: number
  /** Items tried; null where no system was asked. */
  readonly sampled: number | null
  readonly findings: readonly string[]
}

export interface CheckedSystem {
  readonly system: string
  readonly title: string
  readonly ms: number
  readonly fault: { readonly auth: boolean; readonly message: string } | null
}

export interface Checked {
  readonly pipeline: string
  readonly warnings: number
  /** null: --offline. */
  readonly systems: readonly CheckedSystem[] | null
  readonly bindings: readonly CheckedBinding[]
  readonly guarantees: readonly Guarantee[]
}

export function renderCheck(checked: Checked, view: View & { readonly file: string }): string[] {
  const { paint } = view
  const lines: string[] = []
  const systems = [...new Set(checked.bindings.map((binding) => binding.system))]
  for (const name of systems) {
    const reach = checked.systems?.find((each) => each.system === name)
    lines.push("", headOf(name, reach, view))
    if (reach !== undefined && reach.fault !== null) continue
    for (const binding of checked.bindings.filter((each) => each.system === name)) {
      const how =
        binding.sampled === null
          ? "tried on made-up items"
          : binding.sampled === 0
            ? "the resource is empty"
            : `tried on ${plural(binding.sampled, "real item")}`
      lines.push(
        `  ${binding.findings.length === 0 ? paint.green("✓") : paint.yellow("!")} ${cleanText(binding.binding)}: ${plural(binding.fields, "field rule")}, ${how}`,
      )
      for (const finding of binding.findings) lines.push(...indent(cleanText(finding), 6, view))
      lines.push(
        ...promises(
          checked.guarantees.filter((each) => each.binding === binding.binding),
          view,
        ),
      )
    }
  }
  return [...lines, "", conclusion(checked, view)]
}

function headOf(name: string, reach: CheckedSystem | undefined, { paint }: View): string {
  const bold = paint.bold(cleanText(name))
  if (reach === undefined) return `${bold}  ${paint.dim("not asked (--offline)")}`
  if (reach.fault === null) return `${paint.green("✓")} ${bold}  ${cleanText(reach.title)}, answered in ${reach.ms} ms`
  return `${paint.red("✗")} ${bold}  ${reach.fault.auth ? "refuses the credentials" : "cannot be reached"}: ${cleanText(reach.fault.message)}`
}

function promises(guarantees: readonly Guarantee[], view: View): string[] {
  const { paint } = view
  const held = guarantees.filter((each) => each.held).map((each) => each.topic)
  const weak = guarantees.filter((each) => !each.held)
  return [
    ...(held.length === 0 ? [] : indent(paint.dim(`can give: ${held.join(", ")}`), 4, view)),
    ...weak.flatMap((each) => indent(paint.dim(`no ${each.topic}: ${each.sentence}`), 4, view)),
  ]
}

function conclusion(checked: Checked, { paint, file }: View & { readonly file: string }): string {
  const down = checked.systems?.filter((each) => each.fault !== null).length ?? 0
  const findings = checked.bindings.reduce((sum, each) => sum + each.findings.length, 0)
  const next = paint.dim(`Next: syncline plan ${file}`)
  if (down > 0)
    return `${paint.red("✗")} ${plural(down, "system")} could not be checked. ${paint.dim("Is it running, and are address and credentials right?")}`
  if (findings > 0)
    return `${paint.yellow("!")} ${plural(findings, "finding")}. What cannot pass goes to quarantine or review, the rest flows. ${next}`
  return `${paint.green("✓")} ${checked.warnings === 0 ? "Nothing is wrong." : `No errors; ${plural(checked.warnings, "warning")} above.`} ${next}`
}

const indent = (text: string, by: number, { width }: View): string[] =>
  wrap(text, width - by)
    .split("\n")
    .map((line) => " ".repeat(by) + line)
