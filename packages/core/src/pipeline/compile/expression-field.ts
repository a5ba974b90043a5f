// A field rule with expressions: `get` over the item, `put` per path over value and old item. Put over old: an item that
// already means the value is left as it is, so a many-to-one rule keeps what it cannot express.
import { LensFailure, type CompiledField } from "../../model/pipeline.ts"
import { alike, equal, isBlank, type Json } from "../../model/value.ts"
import { compileExpression } from "./expression.ts"
import type { FieldPart } from "../language/field.ts"
import { show } from "../lens/lens.ts"
import { segmentsOf, valueAt, withValues, type Segments } from "../../model/path.ts"
import { factsAt } from "../path/schema.ts"
import type { Span, Expression } from "@syncline/connector/language"
import { missingPath, type FieldResult } from "./path-field.ts"
import { clearing, emptied, type FieldPlace } from "./place.ts"

type ExpressionPart = Extract<FieldPart, { kind: "expressions" }>
interface Write {
  readonly path: string
  readonly segments: Segments
  readonly expression: Expression
}

export function compileExpressionField(name: string, part: ExpressionPart, place: FieldPlace): FieldResult | null {
  const { report, spec, binding } = place
  if (part.get === undefined) {
    report.error(part.at, `"${name}" has put but no get`, "without get nobody can tell what the item means already: add get")
    return null
  }
  const direction = part.direction?.value ?? (part.put === undefined ? "in" : "both")
  if (direction !== "in" && part.put === undefined) {
    report.error(part.direction?.at ?? part.at, `"${name}" is to be written but has no put`, "add put, or say direction: in")
    return null
  }
  if (direction === "in" && part.put !== undefined)
    report.warning(part.direction?.at ?? part.at, `"${name}" has put but is never written`, "remove put, or the direction")
  const get = compileExpression(part.get, ["rec"], "any", report)
  const getKnown = get === undefined || readsExist(get, place)

  const writes: Write[] = []
  const writesAt = new Map<string, Span>()
  let good = getKnown && get !== undefined
  for (const item of part.put ?? []) {
    const facts = factsAt(spec.schema, item.key)
    const expression = item.value === undefined ? undefined : compileExpression(item.value, ["value", "rec"], "any", report)
    if (facts === null) missingPath(item.key, item.keyAt, place)
    else if (direction !== "in" && !place.writable)
      report.error(item.keyAt, `${binding} can only be read`, "say direction: in, and remove put")
    else if (facts.readOnly) report.error(item.keyAt, `"${item.key}" is read-only in ${binding}`, null)
    if (facts === null || expression === undefined || !readsExist(expression, place)) {
      good = false
      continue
    }
    writesAt.set(item.key, item.keyAt)
    writes.push({
      path: item.key,
      segments: segmentsOf(item.key),
      expression,
    })
  }
  if (!good || get === undefined) return null

  const reads = [...new Set(get.reads.filter((read) => read.root === "rec" && read.path !== "").map((read) => read.path))]
  const putReads = writes.flatMap((write) =>
    write.expression.reads.filter((read) => read.root === "rec" && read.path !== "").map((read) => read.path),
  )
  const field: CompiledField = {
    name,
    direction,
    reads: [...new Set([...reads, ...putReads])],
    writes: direction === "in" ? [] : writes.map((write) => write.path),
    get: (item) => get.run({ rec: item }),
    put: (value, seen) => {
      const present = get.run({ rec: seen })
      if (!(present instanceof LensFailure) && equal(present, value)) return {}
      const set: Record<string, Json> = {}
      for (const write of writes) {
        const next = write.expression.run({ value, rec: seen })
        if (next instanceof LensFailure) return new LensFailure(`${show(value)} cannot be written to ${write.path}: ${next.message}`)
        const old = valueAt(seen, write.segments)
        if (equal(old, next) || (isBlank(old) && isBlank(next))) continue
        if (isBlank(next) && clearing(spec) === "never") return new LensFailure(`${binding} cannot clear ${write.path}`)
        set[write.path] = isBlank(next) && clearing(spec) === "empty" ? emptied(old) : next
      }
      const back = get.run({ rec: withValues(seen, set) })
      if (back instanceof LensFailure) return new LensFailure(`${show(value)} cannot be written: ${back.message}`)
      return alike(back, value) ? set : new LensFailure(`unachievable: ${show(value)} as written would read back as ${show(back)}`)
    },
  }
  return {
    field,
    meaning: { get: get.canonical, put: writes.map((write) => [write.path, write.expression.canonical]), direction },
    at: part.at,
    writesAt: direction === "in" ? new Map() : writesAt,
  }
}

function readsExist(expression: Expression, place: FieldPlace): boolean {
  let good = true
  for (const read of expression.reads) {
    if (read.root !== "rec") continue
    if (read.path === "") {
      place.report.error(read.at, "an expression must name the paths that it reads", "write rec.path: only mapped paths are kept")
      good = false
    } else if (factsAt(place.spec.schema, read.path) === null) {
      missingPath(read.path, read.at, place)
      good = false
    }
  }
  return good
}
