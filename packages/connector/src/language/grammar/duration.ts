// Durations: 30s, 5m, 2h, 1d, 500ms, and 0.
import { as } from "./group.ts"
import { text } from "./scalar.ts"
import type { Shape } from "./shape.ts"
import { describeNode } from "../text/node.ts"

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const FORM = /^(\d{1,9})(ms|s|m|h|d)$/
const EXPECTS = "a duration, as 30s, 5m or 2h"

export const duration: Shape<number> = {
  ...as(text({ expects: EXPECTS, pattern: FORM, examples: ["30s", "5m"] }), () => 0),
  expects: EXPECTS,
  read: (node, report) => {
    const written = node.kind === "scalar" ? node.value : null
    const found = typeof written === "string" ? FORM.exec(written) : null
    if (found !== null) return Number(found[1]) * (UNIT_MS[found[2] ?? ""] ?? 0)
    report.error(
      node.at,
      `expected ${EXPECTS}, found ${describeNode(node)}`,
      typeof written === "number" ? `add the unit: ${written}s` : null,
    )
    return undefined
  },
}
