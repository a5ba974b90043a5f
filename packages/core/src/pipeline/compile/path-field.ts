// A field rule with a path and lenses, as a two-way lens between item and canonical value.
import { LensFailure, type CompiledField, type Lensed } from "../../model/pipeline.ts"
import { alike, equal, isBlank, type Json } from "../../model/value.ts"
import type { FieldPart } from "../language/field.ts"
import type { LocatedLens } from "../lens/catalogue.ts"
import { show, type Kinds, type LensFunctions, type TableRow } from "../lens/lens.ts"
import { segmentsOf, valueAt } from "../../model/path.ts"
import { factsAt, pathsOf, type PathFacts } from "../path/schema.ts"
import { didYouMean, type Report, type Span } from "@syncline/connector/language"
import { clearing, emptied, type FieldPlace } from "./place.ts"

export interface FieldResult {
  readonly field: CompiledField
  /** What the rule means, for the fingerprint. */
  readonly meaning: Json
  readonly at: Span
  /** Where each written path is named. */
  readonly writesAt: ReadonlyMap<string, Span>
}

type PathPart = Extract<FieldPart, { kind: "path" }>

export function compilePathField(name: string, part: PathPart, place: FieldPlace): FieldResult | null {
  const { report, spec, binding } = place
  const path = part.path.value
  const facts = factsAt(spec.schema, path)
  if (facts === null) {
    missingPath(path, part.path.at, place)
    return null
  }
  const direction = part.direction?.value ?? "both"
  if (direction !== "in") {
    const at = part.direction?.at ?? part.path.at
    if (!place.writable) report.error(at, `${binding} can only be read`, "say direction: in")
    else if (facts.readOnly) report.error(at, `"${path}" is read-only in ${binding}`, "say direction: in")
  }
  const chain = typedChain(name, part, facts, place)
  if (chain === null) return null

  const segments = segmentsOf(path)
  const get = chainGet(chain)
  const put = chainPut(chain)
  const unset = clearing(spec)
  const field: CompiledField = {
    name,
    direction,
    reads: [path],
    writes: direction === "in" ? [] : [path],
    get: (item) => get(valueAt(item, segments)),
    put: (value, seen) => {
      const old = valueAt(seen, segments)
      const present = get(old)
      if (!(present instanceof LensFailure) && equal(present, value)) return {}
      const written = put(value, old)
      if (written instanceof LensFailure) return written
      if (isBlank(written)) {
        if (unset === "never" && !isBlank(old)) return new LensFailure(`${binding} cannot clear ${path}`)
        if (isBlank(old)) return meansWhat(get(written), value, path)
        return meansWhat(get(written), value, path, { [path]: unset === "empty" ? emptied(old) : Array.isArray(written) ? written : null })
      }
      return meansWhat(get(written), value, path, { [path]: written })
    },
  }
  return {
    field,
    meaning: { path, as: part.lenses.map(({ use }) => ({ name: use.name, settings: use.settings })), direction },
    at: part.at,
    writesAt: new Map(direction === "in" ? [] : [[path, part.path.at]]),
  }
}

/** PutGet: what is written must read back as meant; a blank may read as another one, an empty list say. */
function meansWhat(
  back: Lensed<Json>,
  value: Json,
  path: string,
  writes: Readonly<Record<string, Json>> = {},
): Lensed<Readonly<Record<string, Json>>> {
  if (back instanceof LensFailure) return new LensFailure(`${show(value)} cannot be written to ${path}: ${back.message}`)
  if (!alike(back, value)) return new LensFailure(`${show(value)} written to ${path} would read back as ${show(back)}`)
  return writes
}

export function missingPath(
  path: string,
  at: Span,
  place: { readonly report: Report; readonly spec: FieldPlace["spec"]; readonly binding: string },
): void {
  place.report.error(at, `${place.binding} has no "${path}"`, didYouMean(path, pathsOf(place.spec.schema)))
}

/** The chain with each lens given its place, or `null` where the kinds of value do not fit. */
function typedChain(name: string, part: PathPart, facts: PathFacts, place: FieldPlace): readonly LensFunctions[] | null {
  const { report } = place
  let kinds: Kinds = facts.kinds
  let values = facts.values
  let table: LocatedLens["use"]["table"] = null
  const chain: LensFunctions[] = []
  for (const { use, at } of part.lenses) {
    if (kinds.length > 0 && !use.from.some((kind) => kinds.includes(kind))) {
      report.error(
        at,
        `the lens "${use.name}" takes ${named(use.from)}, but ${before(chain.length, part)} gives ${named(kinds)}`,
        lensHint(kinds, use.from),
      )
      return null
    }
    if (use.table !== null) checkTable(use.table, at, values, place)
    chain.push(use.bind({ remote: kinds }))
    kinds = use.to(kinds)
    table = use.table
    values = use.table?.map((row) => row.canonical) ?? null
  }
  const wanted = place.field
  if (wanted !== null && wanted.kinds.length > 0 && kinds.length > 0 && !wanted.kinds.some((kind) => kinds.includes(kind))) {
    report.error(
      part.lenses.at(-1)?.at ?? part.path.at,
      `"${name}" is ${named(wanted.kinds)} in the schema, but this gives ${named(kinds)}`,
      lensHint(kinds, wanted.kinds),
    )
    return null
  }
  const last = part.lenses.at(-1)
  if (last !== undefined && values !== null && wanted?.values != null) checkMeanings(name, values, wanted.values, table, last.at, place)
  return chain
}

function checkMeanings(
  field: string,
  gives: readonly Json[],
  allowed: readonly Json[],
  table: readonly TableRow[] | null,
  at: Span,
  place: FieldPlace,
): void {
  for (const value of gives) {
    if (value === null || allowed.some((other) => equal(other, value))) continue
    const row = table?.find((candidate) => equal(candidate.canonical, value))
    place.report.error(
      row?.canonicalAt ?? at,
      `${show(value)} is no value of "${field}" in the schema`,
      didYouMean(String(value), allowed.map(String)),
    )
  }
}

/** A table against the values that the system declares: a typing mistake on the left, a value without meaning. */
function checkTable(table: readonly TableRow[], at: Span, remote: readonly Json[] | null, place: FieldPlace): void {
  if (remote === null || table.length === 0) return
  const keys = table.map((row) => row.remote)
  const known = remote.map(String)
  const strange = table.filter((row) => row.remote !== "" && !known.includes(row.remote))
  for (const row of strange)
    place.report.error(row.remoteAt ?? at, `"${row.remote}" is no value of ${place.binding} here`, didYouMean(row.remote, known))
  const missing = known.filter((value) => value !== "" && !keys.includes(value))
  if (missing.length > 0 && strange.length === 0) {
    place.report.warning(
      at,
      `the map has no meaning for ${missing.map((value) => `"${value}"`).join(", ")}`,
      "items with such a value go to quarantine",
    )
  }
}

const before = (index: number, part: PathPart): string => (index === 0 ? `"${part.path.value}"` : `"${part.lenses[index - 1]?.use.name}"`)

export const named = (kinds: Kinds): string => (kinds.length >= 5 ? "anything" : kinds.map((kind) => NAMES[kind]).join(" or "))
const NAMES = { text: "text", number: "a number", boolean: "true or false", list: "a list", object: "an object" } as const

function lensHint(from: Kinds, to: Kinds): string | null {
  if (from.includes("text") && to.includes("list")) return 'the lens "split" cuts a text into a list'
  if (from.includes("text") && to.includes("number")) return 'the lens "number" reads a text as a number'
  if (to.includes("boolean") && (from.includes("text") || from.includes("number"))) return 'the lens "bool" reads it as true or false'
  if (from.includes("number") && to.includes("text")) return 'the lens "datetime" reads times; for anything else use get and put'
  return null
}

function chainGet(chain: readonly LensFunctions[]): (raw: Json) => Lensed<Json> {
  if (chain.length === 0) return (raw) => (raw === "" ? null : raw)
  return (raw) => {
    let value: Json = raw === "" ? null : raw
    for (const lens of chain) {
      const next = lens.get(value)
      if (next instanceof LensFailure) return next
      value = next
    }
    return value
  }
}

function chainPut(chain: readonly LensFunctions[]): (value: Json, old: Json) => Lensed<Json> {
  return (value, old) => {
    // What each lens held before: an old value that cannot be read is as good as none.
    const olds: Json[] = [old]
    for (const lens of chain) {
      const next = lens.get(olds.at(-1) ?? null)
      olds.push(next instanceof LensFailure ? null : next)
    }
    let written: Json = value
    for (let i = chain.length - 1; i >= 0; i--) {
      const next = (chain[i] as LensFunctions).put(written, olds[i] ?? null)
      if (next instanceof LensFailure) return next
      written = next
    }
    return written
  }
}
