// A value of a manifest after compilation: a literal, an expression, or a mapping or list that holds some.
// In YAML a scalar that starts with `=` is CEL, all else is literal; `{…}` inside a text works in URLs and paths only.
import type { Json, JsonObject } from "../../json.ts"

/**
 * What an expression may see, by name. Which names mean something in which place is listed in `names.ts`; what is absent
 * reads as null. Values are JSON as it came: an empty text stays an empty text.
 */
export type Scope = Readonly<Record<string, Json | undefined>>

export interface Value {
  /** Throws `ExpressionError`, a sentence with the place in the manifest; never anything else. */
  readonly run: (scope: Scope) => Json
  /** Dotted paths that are read, with the name in front: `op.set.email`. `null`: nothing is read, it is a constant. */
  readonly reads: readonly string[] | null
  /** As in the file, for messages. */
  readonly source: string
}

/** `=condition`; a blank is false. */
export interface Condition {
  readonly run: (scope: Scope) => boolean
  readonly reads: readonly string[]
  readonly source: string
}

/**
 * A URL or path with `{expression}` in it. Each one is percent-encoded as a whole; one that gives nothing, "." or ".."
 * throws an `ExpressionError`, so that `/contacts/{op.id}` never becomes `/contacts/`.
 */
export interface Address {
  readonly run: (scope: Scope) => string
  readonly reads: readonly string[]
  readonly source: string
}

/** Name -> value; what gives null is left out of queries and headers. */
export type Values = Readonly<Record<string, Value>>

/** Settings known when a system is opened: `{ secret: token }`, `=config.x`, or a literal. */
export interface Setting {
  readonly run: (config: JsonObject) => Json
  /** Names of `config` that it takes. */
  readonly uses: readonly string[]
  /** Written as `{ secret: name }`, or `config.x` with a schema that says `writeOnly`. */
  readonly secret: boolean
}
