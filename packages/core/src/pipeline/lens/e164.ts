// e164: phone numbers in the international form. Numbers without a country prefix belong to the region that is named.
import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js/min"
import { LensFailure } from "../../model/pipeline.ts"
import { as } from "../grammar/group.ts"
import { text as textShape } from "../grammar/scalar.ts"
import { show, text, type LensDefinition } from "./lens.ts"

const region = as(textShape({ expects: "a country code of two letters, as US", pattern: /^[A-Za-z]{2,3}$/, examples: ["US", "DE"] }), (found, report) => {
  const code = found.value.toUpperCase()
  if (isSupportedCountry(code)) return code
  report.error(found.at, `unknown region "${found.value}"`, code === "UK" ? 'did you mean "GB"?' : "a code of ISO 3166, as US or DE")
  return undefined
})

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
  make: (config) => ({
    get: (remote) =>
      text(remote, (written) => {
        const bare = written.trim()
        if (bare === "") return null
        const number = bare.length > 60 ? undefined : parsePhoneNumberFromString(bare, config === undefined ? {} : { defaultCountry: config, extract: false })
        if (number === undefined || !number.isPossible()) return new LensFailure(`${show(written)} is not a phone number${config === undefined ? " with a country prefix" : ` (region ${config})`}`)
        return number.ext === undefined ? number.number : `${number.number};ext=${number.ext}`
      }),
    put: (value) => value,
  }),
}
