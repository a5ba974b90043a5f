// set: a list in which neither order nor repetition means anything.
import { LensFailure } from "../../model/pipeline.ts"
import { canonicalText, type Json } from "../../model/value.ts"
import { show, type LensDefinition } from "./lens.ts"

export const set: LensDefinition = {
  name: "set",
  doc: "Reads a list as a set: without repetition, in a fixed order. Writing keeps the system's own order and appends what is new.",
  config: null,
  examples: [{ config: undefined, remote: ["vip", "press", "vip"], canonical: ["press", "vip"] }],
  takesBlank: true,
  from: ["list"],
  to: () => ["list"],
  make: () => ({
    get: (remote) => {
      if (remote === null) return []
      return Array.isArray(remote) ? sorted(remote) : new LensFailure(`expected a list, found ${show(remote)}`)
    },
    put: (value, old) => {
      if (value !== null && !Array.isArray(value)) return new LensFailure(`expected a list, found ${show(value)}`)
      const wanted = new Map(sorted(value ?? []).map((item) => [canonicalText(item), item]))
      const kept: Json[] = []
      for (const item of Array.isArray(old) ? (old as readonly Json[]) : []) {
        if (wanted.delete(canonicalText(item))) kept.push(item)
      }
      return [...kept, ...wanted.values()]
    },
  }),
}

function sorted(items: readonly Json[]): readonly Json[] {
  const byText = new Map(items.filter((item) => item !== null && item !== "").map((item) => [canonicalText(item), item]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item)
}
