// country: one code per country, whether the system writes names, codes of two letters or of three.
import countries from "i18n-iso-countries/index.js" // its own entry reads the names in eighty languages
import english from "i18n-iso-countries/langs/en.json" with { type: "json" }
import { LensFailure } from "../../model/pipeline.ts"
import { as, word } from "@syncline/connector/language"
import { show, text, type LensDefinition } from "./lens.ts"

countries.registerLocale(english)

type Form = "alpha2" | "alpha3" | "name"

export const country: LensDefinition<Form> = {
  name: "country",
  doc: "Reads a country as its code of two letters, out of a code (two or three letters) or an English name; writes in the form that is there, or that the settings name.",
  config: { shape: as(word("form of a country", ["alpha2", "alpha3", "name"]), (found): Form => found.value), required: false },
  examples: [
    { config: undefined, remote: "deu", canonical: "DE" },
    { config: "name", remote: "Switzerland", canonical: "CH" },
  ],
  from: ["text"],
  to: () => ["text"],
  settings: (config) => config ?? null,
  make: (config) => ({
    get: (remote) => text(remote, (written) => codeOf(written) ?? new LensFailure(`${show(written)} is no country that we know`)),
    put: (value, old) =>
      text(value, (code) => {
        const form = config ?? (typeof old === "string" && old.trim() !== "" ? formOf(old) : "alpha2")
        const written = form === "alpha2" ? code : form === "alpha3" ? countries.alpha2ToAlpha3(code) : countries.getName(code, "en")
        return written === undefined || codeOf(written) !== code ? new LensFailure(`${show(code)} is no code of a country`) : written
      }),
  }),
}

const formOf = (written: string): Form => (written.trim().length === 2 ? "alpha2" : written.trim().length === 3 ? "alpha3" : "name")

/** Names that people and systems use beside the official one. */
const ALSO: Readonly<Record<string, string>> = { uk: "GB", usa: "US", england: "GB", scotland: "GB", wales: "GB", holland: "NL" }

const LONGEST_NAME = 100

function codeOf(written: string): string | undefined {
  const name = written.trim()
  // every name that we know is compared with it, one by one
  if (name.length > LONGEST_NAME) return undefined
  const upper = name.toUpperCase()
  const also = Object.hasOwn(ALSO, name.toLowerCase()) ? ALSO[name.toLowerCase()] : undefined
  if (also !== undefined) return also
  if (/^[A-Z]{2}$/.test(upper) && countries.alpha2ToAlpha3(upper) !== undefined) return upper
  return (/^[A-Z]{3}$/.test(upper) ? countries.alpha3ToAlpha2(upper) : undefined) ?? countries.getAlpha2Code(name, "en")
}
