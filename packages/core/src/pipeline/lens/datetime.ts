// datetime: an instant, written in UTC with milliseconds. The system may hold ISO texts or numbers since 1970.
import { LensFailure } from "../../model/pipeline.ts"
import { as, word } from "@syncline/connector/language"
import type { Json } from "../../model/value.ts"
import { show, type LensDefinition } from "./lens.ts"

type Form = "iso" | "unix" | "unixMs"

/** A time without a zone would mean another instant on another machine. */
const ZONED = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?\s?(Z|[+-]\d\d:?\d\d)$/i

export const datetime: LensDefinition<Form> = {
  name: "datetime",
  doc: "Reads an instant as 2024-02-29T10:00:00.000Z; settings say how the system writes it: iso (with a zone), unix (seconds) or unixMs.",
  config: { shape: as(word("form of a time", ["iso", "unix", "unixMs"]), (found): Form => found.value), required: false },
  examples: [
    { config: undefined, remote: "2024-02-29T12:00:00+02:00", canonical: "2024-02-29T10:00:00.000Z" },
    { config: "unix", remote: 1709200800, canonical: "2024-02-29T10:00:00.000Z" },
  ],
  from: ["text", "number"],
  to: () => ["text"],
  settings: (config) => config ?? null,
  make: (config, place) => {
    const form = config ?? "iso"
    const asText = !place.remote.includes("number")
    return {
      get: (remote) => instant(remote, form),
      put: (value) => {
        const iso = instant(value, "iso")
        if (iso instanceof LensFailure) return iso
        if (form === "iso") return iso
        const ms = Date.parse(String(iso))
        const number = form === "unix" ? ms / 1000 : ms
        return asText ? String(number) : number
      },
    }
  },
}

function instant(value: Json, form: Form): Json | LensFailure {
  let ms = Number.NaN
  if (form === "iso")
    ms = typeof value === "string" && ZONED.test(value.trim()) ? Date.parse(value.trim().replace(" ", "T").replace(/\s/g, "")) : Number.NaN
  else if (typeof value === "number" || (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value)))
    ms = Math.round(Number(value) * (form === "unix" ? 1000 : 1))
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15)
    return new LensFailure(`${show(value)} is not an instant${form === "iso" ? " with a time zone" : ` (${form})`}`)
  return new Date(ms).toISOString()
}
