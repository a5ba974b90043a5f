// split: a list that the system keeps in one text.
import { LensFailure } from "../../model/pipeline.ts"
import type { Json } from "../../model/value.ts"
import { as, text as textShape } from "@syncline/connector/language"
import { show, text, type LensDefinition } from "./lens.ts"

export const split: LensDefinition<string> = {
  name: "split",
  doc: "Reads one text as a list, cut at a separator (a comma, unless the settings name another); blanks around the parts do not count.",
  config: { shape: as(textShape({ expects: "a separator", examples: [";", "|"] }), (found) => found.value), required: false },
  examples: [
    { config: undefined, remote: "vip, press", canonical: ["vip", "press"] },
    { config: ";", remote: "a;b", canonical: ["a", "b"] },
  ],
  takesBlank: true,
  from: ["text"],
  to: () => ["list"],
  settings: (config) => config ?? null,
  make: (config) => {
    const separator = config ?? ","
    const parts = (written: string): Json =>
      written
        .split(separator)
        .map((part) => part.trim())
        .filter((part) => part !== "")
    return {
      get: (remote) => (remote === null ? [] : text(remote, parts)),
      put: (value, old) => {
        if (value === null) return null
        if (!Array.isArray(value)) return new LensFailure(`expected a list, found ${show(value)}`)
        const items: readonly Json[] = value
        for (const item of items) {
          if (typeof item !== "string") return new LensFailure(`only a list of texts can be joined, found ${show(item)}`)
          if (item.includes(separator)) return new LensFailure(`${show(item)} contains the separator ${show(separator)}`)
        }
        if (items.length === 0) return null
        const wide = typeof old !== "string" || !old.includes(separator) || old.includes(`${separator} `)
        return items.join(wide && separator.trim() !== "" && config === undefined ? `${separator} ` : separator)
      },
    }
  },
}
