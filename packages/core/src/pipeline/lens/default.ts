// default: what a blank in the system means.
import { as, scalar } from "@syncline/connector/language"
import type { Json } from "../../model/value.ts"
import type { Kind, LensDefinition } from "./lens.ts"

export const default_: LensDefinition<Json> = {
  name: "default",
  doc: "Reads a blank as the value in the settings; a blank in the system is left blank while the record has that value.",
  config: { shape: as(scalar("the value that a blank means"), (found): Json => found.value), required: true },
  examples: [{ config: "en", remote: null, canonical: "en" }],
  takesBlank: true,
  from: ["text", "number", "boolean"],
  to: (config, from) => {
    const kind: Kind = typeof config === "number" ? "number" : typeof config === "boolean" ? "boolean" : "text"
    return from.includes(kind) ? from : [...from, kind]
  },
  settings: (config) => config ?? null,
  make: (config) => ({ get: (remote) => remote ?? config ?? null, put: (value) => value }),
}
