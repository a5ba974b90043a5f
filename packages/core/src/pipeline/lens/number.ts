// number: a number, also where the system keeps it as text.
import { LensFailure } from "../../model/pipeline.ts"
import { show, type LensDefinition } from "./lens.ts"

export const number: LensDefinition = {
  name: "number",
  doc: "Reads a number, also one that is written as text; where the system keeps text, it is written back as text.",
  config: null,
  examples: [{ config: undefined, remote: "12.50", canonical: 12.5 }],
  from: ["text", "number"],
  to: () => ["number"],
  make: (_, place) => ({
    get: (remote) => {
      if (typeof remote === "number") return remote + 0
      if (typeof remote === "string" && remote.trim() === "") return null
      const value =
        typeof remote === "string" && /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/.test(remote.trim()) ? Number(remote) : Number.NaN
      if (!Number.isFinite(value)) return new LensFailure(`${show(remote)} is not a number`)
      // Digits beyond a double's precision would be lost without a word: ids are texts, not numbers.
      if (Number.isInteger(value) && !Number.isSafeInteger(value))
        return new LensFailure(`${show(remote)} is too large to be kept exactly as a number`)
      // Adding 0 turns -0, which JSON does not know, into 0.
      return value + 0
    },
    put: (value, old) => {
      if (typeof value !== "number") return new LensFailure(`expected a number, found ${show(value)}`)
      const asText = typeof old === "string" ? true : old === null ? !place.remote.includes("number") : false
      return asText ? String(value) : value
    },
  }),
}
