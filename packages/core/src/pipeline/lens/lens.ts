// What a lens is: a named two-way value change, with its settings, its meaning, examples, and the kinds of value at both ends.
import { LensFailure, type Lensed } from "../../model/pipeline.ts"
import { equal, type Json } from "../../model/value.ts"
import type { Shape, Span } from "@syncline/connector/language"

export type Kind = "text" | "number" | "boolean" | "list" | "object"
export type Kinds = readonly Kind[]
export const ANY_KIND: Kinds = ["text", "number", "boolean", "list", "object"]

/** The working part. Neither side is called with a blank, unless the lens says that it `takesBlank`. */
export interface LensFunctions {
  readonly get: (remote: Json) => Lensed<Json>
  /** `old` is the present remote value; it never means `value` already. */
  readonly put: (value: Json, old: Json) => Lensed<Json>
}

/** What a lens may know of the place where it stands. */
export interface LensPlace {
  /** Kinds of value that the remote side of this lens may hold. */
  readonly remote: Kinds
}

export interface LensExample<C> {
  readonly config: C | undefined
  readonly remote: Json
  readonly canonical: Json
}

export interface LensDefinition<C = never> {
  readonly name: string
  /** One sentence: what it does when reading; and when writing, if that is not plain. */
  readonly doc: string
  /** Settings, written as `{ name: settings }`. */
  readonly config: { readonly shape: Shape<C>; readonly required: boolean } | null
  readonly examples: readonly LensExample<C>[]
  readonly takesBlank?: boolean
  readonly from: Kinds
  readonly to: (config: C | undefined, from: Kinds) => Kinds
  readonly make: (config: C | undefined, place: LensPlace) => LensFunctions
  /** Settings as data, for the fingerprint. */
  readonly settings?: (config: C | undefined) => Json
}

export interface TableRow {
  readonly remote: string
  readonly canonical: Json
  /** Where each stands in the file. */
  readonly remoteAt?: Span
  readonly canonicalAt?: Span
}

/** A lens with its settings, ready to be given a place. */
export interface LensUse {
  readonly name: string
  readonly settings: Json
  readonly from: Kinds
  readonly to: (from: Kinds) => Kinds
  /** The rows of a table of values, for checks against the schemas of both sides. */
  readonly table: readonly TableRow[] | null
  readonly bind: (place: LensPlace) => LensFunctions
}

export function useLens<C>(lens: LensDefinition<C>, config: C | undefined, table: readonly TableRow[] | null = null): LensUse {
  return {
    name: lens.name,
    settings: lens.settings?.(config) ?? null,
    from: lens.from,
    to: (from) => lens.to(config, from),
    table,
    bind: (place) => guard(lens.make(config, place), lens.takesBlank === true),
  }
}

/** As many as an item may have values: a text can be cut into more. */
const MOST_PARTS = 10_000

/**
 * What holds for every lens: blanks pass unchanged, an empty text is a blank, and a value that the old one already
 * means writes nothing (so case, spacing and format of the old survive).
 */
function guard(lens: LensFunctions, takesBlank: boolean): LensFunctions {
  const get = (remote: Json): Lensed<Json> => {
    const value = remote === "" ? null : remote
    if (value === null && !takesBlank) return null
    const result = lens.get(value)
    if (Array.isArray(result) && result.length > MOST_PARTS) return new LensFailure(`it has more than ${MOST_PARTS} parts`)
    return result === "" ? null : result
  }
  return {
    get,
    put: (value, old) => {
      const present = get(old)
      if (!(present instanceof LensFailure) && equal(present, value)) return old
      if (value === null && !takesBlank) return null
      return lens.put(value, old)
    },
  }
}

export const text = (value: Json, work: (value: string) => Lensed<Json>): Lensed<Json> => {
  if (typeof value === "string") return work(value)
  return new LensFailure(`expected a text, found ${show(value)}`)
}

/** A value in a message: short, and on one line. */
export function show(value: Json | undefined): string {
  const written = JSON.stringify(value ?? null)
  return written.length > 60 ? `${written.slice(0, 59)}…` : written
}
