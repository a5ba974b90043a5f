// Canonical values: JSON compared by meaning. Absent, null, "" and [] are all blank, but not equal unless the same.
export { alike, canonicalText, equal, isBlank, type Json, type JsonObject } from "@syncline/connector/value"
