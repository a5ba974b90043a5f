// Puts a value at a dotted path of a body; what is not there yet comes to be.
import { isObject, type Json } from "../../json.ts"
import { withValues } from "../../value/index.ts"

export const placed = (body: Json, path: string, value: Json): Json => withValues(isObject(body) ? body : {}, { [path]: value })
