// bool: yes or no, in whatever words the system has for it.
import { LensFailure } from "../../model/pipeline.ts"
import { equal, type Json } from "../../model/value.ts"
import { as, object, required, scalar } from "@syncline/connector/language"
import { show, type LensDefinition } from "./lens.ts"

interface Words {
  readonly yes: Json
  readonly no: Json
}

const PAIRS: readonly (readonly [Json, Json])[] = [
  [true, false],
  ["true", "false"],
  ["yes", "no"],
  ["y", "n"],
  ["on", "off"],
  ["1", "0"],
  [1, 0],
]

const words = as(
  object("the setting of bool", "The two values that the system uses.", {
    true: required(scalar("the value that means yes"), "What the system writes for yes."),
    false: required(scalar("the value that means no"), "What the system writes for no."),
  }),
  (block): Words | undefined =>
    block.fields.true === undefined || block.fields.false === undefined
      ? undefined
      : { yes: block.fields.true.value, no: block.fields.false.value },
)

export const bool: LensDefinition<Words> = {
  name: "bool",
  doc: "Reads true or false out of true/false, yes/no, y/n, on/off, 1/0 or the two words in the settings; writes in the form that is there.",
  config: { shape: words, required: false },
  examples: [
    { config: undefined, remote: "Yes", canonical: true },
    { config: { yes: "J", no: "N" }, remote: "N", canonical: false },
  ],
  from: ["text", "number", "boolean"],
  to: () => ["boolean"],
  settings: (config) => (config === undefined ? null : { yes: config.yes, no: config.no }),
  make: (config, place) => {
    const pairs = config === undefined ? PAIRS : [[config.yes, config.no] as const]
    const same = (a: Json, b: Json): boolean =>
      equal(a, b) || (typeof a === "string" && typeof b === "string" && a.trim().toLowerCase() === b.toLowerCase())
    const fallback: readonly [Json, Json] =
      config !== undefined
        ? [config.yes, config.no]
        : place.remote.includes("boolean")
          ? [true, false]
          : place.remote.includes("text")
            ? ["true", "false"]
            : [1, 0]
    return {
      get: (remote) => {
        for (const [yes, no] of pairs) {
          if (same(remote, yes)) return true
          if (same(remote, no)) return false
        }
        return new LensFailure(`${show(remote)} is neither yes nor no`)
      },
      put: (value, old) => {
        if (typeof value !== "boolean") return new LensFailure(`expected true or false, found ${show(value)}`)
        const [yes, no] = pairs.find((pair) => pair.some((written) => same(old, written))) ?? fallback
        return value ? yes : no
      },
    }
  },
}
