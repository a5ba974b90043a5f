// The expressions of a pipeline: which names they may say, and where.
import { compileExpression as compile, type Expression, type Report, type Text, type Vocabulary } from "@syncline/connector/language"
import type { Json, JsonObject } from "../../model/value.ts"

const NAMES = { rec: "map", record: "map", value: "dyn", linked: "bool" } as const
export type Name = keyof typeof NAMES
export interface Scope {
  readonly [name: string]: Json | undefined
  readonly rec?: JsonObject | null
  readonly record?: JsonObject | null
  readonly value?: Json
  readonly linked?: boolean
}

const vocabularies = new Map<string, Vocabulary>()

function vocabularyOf(names: readonly Name[]): Vocabulary {
  const key = names.join()
  const known = vocabularies.get(key)
  if (known !== undefined) return known
  const made: Vocabulary = {
    names: Object.fromEntries(names.map((name) => [name, NAMES[name]])),
    elsewhere: Object.keys(NAMES),
    advice: "use a `map` lens for tables of values",
  }
  vocabularies.set(key, made)
  return made
}

export function compileExpression(source: Text, names: readonly Name[], gives: "bool" | "any", report: Report): Expression | undefined {
  const compiled = compile(source, vocabularyOf(names), gives, report)
  // What is read of an item or a record is what the mapping depends on.
  return compiled && { ...compiled, reads: compiled.reads.filter(({ root }) => root === "rec" || root === "record") }
}
