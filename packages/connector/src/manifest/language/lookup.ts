// Lookups: single items by id, by the stable id, or by a key.
import { object, optional, record, whole, yesNo, type Block } from "../../language/index.ts"
import { PLACES } from "./names.ts"
import { code, inShort, request } from "./request.ts"
import { recordFields } from "./scan.ts"
import { worked } from "./value.ts"

const fields = {
  request: optional(request(PLACES.lookupRequest, { safe: true }), "Asks for value (one), or for values (as many as max)."),
  max: optional(whole({ expects: "a whole number above 0", min: 1 }), "Values per request; 1, unless said."),
  records: optional(worked(PLACES.lookupAnswer, "=res.body.results"), "The record, or the list of records; =res.body, unless said."),
  key: optional(
    worked(PLACES.lookupRecord, "=rec.email"),
    "What of a record answers the value, or a list of all that do; as the resource says, unless said.",
  ),
  fold: optional(yesNo(), "Upper and lower case are the same; yes for keys, no for ids, unless said."),
  code: optional(code, "A function that looks up in place of all this."),
  ...recordFields,
}

const lookup = object("a lookup", "How an item is found.", fields)
export interface LookupPart extends Block<typeof fields> {}

export const lookups = record(inShort(lookup), {
  what: "lookups",
  doc: "id, secondary, or the name of a key -> how items are found by it.",
  key: { pattern: /^[A-Za-z]\w*$/, expects: "id, secondary, or the name of a key" },
})
