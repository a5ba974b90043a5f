// What each system saw in one pass, planned or made: one row a system.
import type { SystemReport } from "@syncline/core"
import { cleanText } from "./clean.ts"
import { columns, type Column } from "./columns.ts"
import { showCount } from "./count.ts"
import type { View } from "./view.ts"

export function renderSystems(systems: readonly SystemReport[], { paint, width }: View): string[] {
  const optional = (["postponed", "refused"] as const).filter((name) => systems.some((system) => system[name] > 0))
  const heads: Column[] = [
    { title: "system" },
    ...["read", "changed", "created", "updated", "deleted", ...optional, "calls"].map((title) => ({ title, align: "right" }) as const),
  ]
  const number = (n: number, color: (text: string) => string): string => (n === 0 ? paint.dim("0") : color(showCount(n)))
  const plain = (text: string): string => text
  const rows = systems.map((system) => [
    paint.bold(cleanText(system.system)),
    number(system.read, plain),
    number(system.changed, plain),
    number(system.created, paint.green),
    number(system.updated, paint.yellow),
    number(system.deleted, paint.red),
    ...optional.map((name) => number(system[name], paint.red)),
    number(system.calls, plain),
  ])
  return columns(heads, rows, width - 2, paint.dim).map((line) => `  ${line}`)
}
