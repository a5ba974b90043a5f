// e164: phone numbers in the international form. Numbers without a country prefix belong to the region that is named.
import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js/min"
import { LensFailure, type Lensed } from "../../model/pipeline.ts"
import type { Json } from "../../model/value.ts"
import { as, text as textShape } from "@syncline/connector/language"
import { show, text, type LensDefinition } from "./lens.ts"

const region = as(
  textShape({ expects: "a country code of two letters, as US", pattern: /^[A-Za-z]{2,3}$/, examples: ["US", "DE"] }),
  (found, report) => {
    const code = found.value.toUpperCase()
    if (isSupportedCountry(code)) return code
    report.error(found.at, `unknown region "${found.value}"`, code === "UK" ? 'did you mean "GB"?' : "a code of ISO 3166, as US or DE")
    return undefined
  },
)

export const e164: LensDefinition<CountryCode> = {
  name: "e164",
  doc: "Reads a phone number in the form +14155550123; one without a country prefix belongs to the region named.",
  config: { shape: region, required: false },
  examples: [
    { config: "US", remote: "(415) 555-0123", canonical: "+14155550123" },
    { config: undefined, remote: "+49 30 901820", canonical: "+4930901820" },
  ],
  from: ["text"],
  to: () => ["text"],
  settings: (config) => config ?? null,
  make: (config) => {
    const known = new Map<string, Lensed<Json>>()
    return {
      get: (remote) =>
        text(remote, (written) => {
          let result = known.get(written)
          if (result === undefined) {
            result = parse(written, config)
            if (known.size >= MAX_KNOWN) known.clear()
            known.set(written, result)
          }
          return result
        }),
      put: (value) => value,
    }
  },
}

/** Parsing costs as much as all else that is done with an item, and one number is read several times in a pass. */
const MAX_KNOWN = 4_096
/** Longer than any number with its extension. */
const MAX_LENGTH = 60

function parse(written: string, region: CountryCode | undefined): Lensed<Json> {
  const bare = written.trim()
  if (bare === "") return null
  const settings = region === undefined ? { extract: false } : { defaultCountry: region, extract: false }
  const number = bare.length > MAX_LENGTH ? undefined : parsePhoneNumberFromString(bare, settings)
  if (number === undefined || !number.isPossible()) {
    return new LensFailure(
      `${show(written)} is not a phone number${region === undefined ? " with a country prefix" : ` (region ${region})`}`,
    )
  }
  return number.ext === undefined ? number.number : `${number.number};ext=${number.ext}`
}
