// date: a calendar day, written YYYY-MM-DD. A time of day beside it in the system is kept.
import { LensFailure } from "../../model/pipeline.ts"
import { as, text as textShape } from "@syncline/connector/language"
import { show, text, type LensDefinition } from "./lens.ts"

const ISO = "YYYY-MM-DD"
const PARTS = /YYYY|MM|DD/g

const format = as(
  textShape({ expects: "how the system writes a day, with YYYY, MM and DD", examples: ["DD.MM.YYYY", "MM/DD/YYYY"] }),
  (found, report) => {
    const parts = found.value.match(PARTS) ?? []
    if (["YYYY", "MM", "DD"].every((part) => parts.filter((p) => p === part).length === 1)) return found.value
    report.error(found.at, `"${found.value}" is no form of a day`, "it needs YYYY, MM and DD, each once, as in DD.MM.YYYY")
    return undefined
  },
)

export const date: LensDefinition<string> = {
  name: "date",
  doc: "Reads a calendar day as YYYY-MM-DD; settings name the system's form. A time of day that stands behind it stays.",
  config: { shape: format, required: false },
  examples: [
    { config: undefined, remote: "2024-02-29T10:00:00Z", canonical: "2024-02-29" },
    { config: "DD.MM.YYYY", remote: "29.02.2024", canonical: "2024-02-29" },
  ],
  from: ["text"],
  to: () => ["text"],
  settings: (config) => config ?? null,
  make: (config) => {
    const form = config ?? ISO
    const order: readonly string[] = form.match(PARTS) ?? []
    const escaped = form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    const pattern = new RegExp(`^\\s*${escaped.replace(PARTS, (part) => (part === "YYYY" ? "(\\d{4})" : "(\\d{1,2})"))}(?=$|[T\\s])`)
    return {
      get: (remote) =>
        text(remote, (written) => {
          const found = pattern.exec(written)
          if (found === null) return new LensFailure(`${show(written)} is not a day in the form ${form}`)
          const part = (name: string): string => (found[order.indexOf(name) + 1] ?? "").padStart(2, "0")
          const day = `${part("YYYY")}-${part("MM")}-${part("DD")}`
          return isDay(day) ? day : new LensFailure(`${show(written)} is not a day of the calendar`)
        }),
      put: (value, old) =>
        text(value, (day) => {
          if (!isDay(day)) return new LensFailure(`${show(day)} is not a day of the form YYYY-MM-DD`)
          const [year = "", month = "", date = ""] = day.split("-")
          const written = form.replace("YYYY", year).replace("MM", month).replace("DD", date)
          const found = typeof old === "string" ? pattern.exec(old) : null
          return found === null ? written : written + (old as string).slice(found[0].length)
        }),
    }
  },
}

function isDay(day: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return false
  const time = Date.parse(`${day}T00:00:00Z`)
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(day)
}
