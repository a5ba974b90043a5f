// The formats by their names.
import type { Format } from "../config.ts"
import { delimited } from "./delimited.ts"
import type { FileFormat } from "./format.ts"
import { jsonList, ndjson } from "./json.ts"

export const FORMATS: Readonly<Record<Format, FileFormat>> = {
  csv: delimited(","),
  tsv: delimited("\t"),
  json: jsonList,
  ndjson,
}
