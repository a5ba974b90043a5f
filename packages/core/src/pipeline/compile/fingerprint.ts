// A short, stable hash of a meaning written as canonical text. Tells changed from unchanged; it protects nothing.
import { textHash } from "../../model/text-hash.ts"
import { canonicalText, type Json } from "../../model/value.ts"

export const fingerprint = (meaning: Json): string => textHash(canonicalText(meaning))
