// As much of Ghost's query language (NQL) as a sync needs: `field:value`, `field:>'value'`, `field:[a,'b']`, joined by `+`.
import { refused } from "@syncline/testkit/fake"
import type { JsonObject } from "@syncline/connector"
import { problem } from "./problem.ts"

interface Condition {
  readonly field: string
  readonly operator: "" | ">" | ">=" | "<" | "<="
  readonly values: readonly string[]
}

const CONDITION = /^([a-z_]+):(>=|<=|>|<|)(?:\[((?:'(?:\\.|[^'\\])*'|[^\]'])*)\]|'((?:\\.|[^'\\])*)'|([^'+,()[\]]+))(?:\+|$)/
const QUOTED = /'((?:\\.|[^'\\])*)'|([^,']+)/g

const plain = (text: string): string => text.replaceAll(/\\(.)/g, "$1")

const OPERATORS = ["", ">", ">=", "<", "<="] as const

function parse(text: string): readonly Condition[] {
  const conditions: Condition[] = []
  for (let rest = text; rest !== "";) {
    const match = CONDITION.exec(rest)
    const operator = OPERATORS.find((each) => each === match?.[2])
    if (match === null || operator === undefined)
      throw refused(
        400,
        problem(400, "BadRequestError", "Error parsing filter", `Query Error: unexpected character in filter at "${rest.slice(0, 20)}"`)
          .body,
      )
    const [whole, field = "", , list, quoted, bare] = match
    const values =
      list === undefined
        ? [quoted === undefined ? (bare ?? "") : plain(quoted)]
        : [...list.matchAll(QUOTED)].map(([, one, other]) => (one === undefined ? (other ?? "") : plain(one)))
    conditions.push({ field, operator, values })
    rest = rest.slice(whole.length)
  }
  return conditions
}

/** Times are kept as `2026-01-31 10:00:00` and compared as such. */
const comparable = (value: unknown): string =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) ? value.slice(0, 19).replace("T", " ") : String(value ?? "")

export function filterOf(text: string | null): (item: JsonObject) => boolean {
  const conditions = text === null ? [] : parse(text)
  return (item) =>
    conditions.every(({ field, operator, values }) => {
      const value = comparable(item[field])
      const [first = ""] = values.map(comparable)
      switch (operator) {
        case ">":
          return value > first
        case ">=":
          return value >= first
        case "<":
          return value < first
        case "<=":
          return value <= first
        case "":
          // the database ignores case
          return values.some((each) => comparable(each).toLowerCase() === value.toLowerCase())
      }
    })
}
