// map: a table of the system's values and what each means.
import { LensFailure } from "../../model/pipeline.ts"
import { canonicalText, type Json } from "../../model/value.ts"
import { as, record, scalar } from "@syncline/connector/language"
import { show, type Kind, type LensDefinition, type TableRow } from "./lens.ts"

type Table = readonly TableRow[]

const table = as(
  record(scalar("a value of our model"), {
    what: "the table of map (value in the system -> value in our model)",
    doc: "Each value of the system, and what it means.",
    key: { pattern: /^/, expects: "a value" },
    min: 1,
  }),
  (items): Table =>
    items.flatMap((item) =>
      item.value === undefined ? [] : [{ remote: item.key, canonical: item.value.value, remoteAt: item.keyAt, canonicalAt: item.value.at }],
    ),
)

export const map: LensDefinition<Table> = {
  name: "map",
  doc: "Reads each of the system's values as the one beside it; writing keeps the present value if it already has the meaning, else takes the first that has it.",
  config: { shape: table, required: true },
  examples: [
    {
      config: [
        { remote: "subscribed", canonical: "subscribed" },
        { remote: "unsubscribed", canonical: "unsubscribed" },
        { remote: "cleaned", canonical: "unsubscribed" },
      ],
      remote: "cleaned",
      canonical: "unsubscribed",
    },
  ],
  takesBlank: true,
  from: ["text", "number", "boolean"],
  to: (config) => [...new Set((config ?? []).flatMap(({ canonical }) => kindOf(canonical)))],
  // An object would be compared whatever the order of its keys, but the first of several that mean the same is the one written.
  settings: (config) => (config ?? []).map(({ remote, canonical }) => [remote, canonical]),
  make: (config, place) => {
    const meanings = new Map((config ?? []).map(({ remote, canonical }) => [remote, canonical]))
    const writes = new Map<string, string>()
    for (const { remote, canonical } of config ?? [])
      if (!writes.has(canonicalText(canonical))) writes.set(canonicalText(canonical), remote)
    return {
      get: (remote) => {
        if (typeof remote === "object" && remote !== null) return new LensFailure(`${show(remote)} is not in the map`)
        const value = meanings.get(remote === null ? "" : String(remote))
        if (value !== undefined) return value
        return remote === null ? null : new LensFailure(`${show(remote)} is not in the map`)
      },
      put: (value) => {
        const remote = writes.get(canonicalText(value))
        if (remote === undefined) return value === null ? null : new LensFailure(`nothing in the map means ${show(value)}`)
        if (remote === "") return null
        if (place.remote.includes("text")) return remote
        if (place.remote.includes("boolean") && (remote === "true" || remote === "false")) return remote === "true"
        return place.remote.includes("number") && Number.isFinite(Number(remote)) ? Number(remote) : remote
      },
    }
  },
}

const kindOf = (value: Json): Kind[] =>
  typeof value === "string" ? ["text"] : typeof value === "number" ? ["number"] : typeof value === "boolean" ? ["boolean"] : []
