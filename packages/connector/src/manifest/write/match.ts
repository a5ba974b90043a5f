// The elements of a batch's answer -> what became of each operation. Pure. An operation of which the answer speaks twice, or
// in a way that does not fit, is `unknown`; one of which it says nothing is `null`.
import { FaultError } from "../../fault.ts"
import type { Outcome } from "../../contract.ts"
import { cleanFault } from "../../http/clean-fault.ts"
import type { Json } from "../../json.ts"
import type { BatchSpec, EachSpec, FailedSpec, Opened, ResourcePlan, Scope } from "../spec/index.ts"
import { outcomeOfApplied } from "./applied.ts"
import type { Operation, Situation } from "./operation.ts"
import { appliedAsItWas, failed, unknown } from "./outcome.ts"
import { faultOfElement } from "./refusal.ts"

interface Element {
  readonly scope: Scope
  readonly index: number
  /** What it names itself by; of matching by order, nothing. */
  readonly refs: readonly string[]
}

/** `scope` holds `res`, `ops`, `items`, `config`. */
export const matchAnswer = (
  { plan, opened }: Situation,
  batch: BatchSpec,
  operations: readonly Operation[],
  scope: Scope,
): (Outcome | null)[] => {
  const names = operations.map((operation) => namesOf(batch, operation))
  const good = elementsOf(batch.ok, scope)
  const bad = batch.failed === null ? NONE : elementsOf(batch.failed, scope)
  const goodBy = byName(batch, good.elements)
  const badBy = byName(batch, bad.elements)
  // As many answers as questions, or their order says nothing.
  const inOrder = good.total === operations.length && (batch.failed === null || bad.total === operations.length)
  return operations.map((operation, index) => {
    const own = batch.match === "order" ? [String(index)] : (names[index] ?? [])
    const hits = unique(own.flatMap((name) => goodBy.get(name) ?? []))
    const misses = unique(own.flatMap((name) => badBy.get(name) ?? []))
    if (hits.length === 0 && misses.length === 0) return batch.match !== "order" || inOrder ? null : unclear(operation)
    if (batch.match === "order" && !inOrder && !provenById(plan, batch.ok, operation, hits[0])) return unclear(operation)
    const [hit] = hits
    if (hits.length + misses.length > 1 && !(hits.length === 0 && misses.length > 1)) return unclear(operation)
    if (hit !== undefined) return outcomeOfApplied(plan, operation, batch.ok, { ...operation.scope, ...hit.scope })
    return refused(operation, batch.failed, misses[0], opened)
  })
}

const NONE = { elements: [], total: 0 } as const

const elementsOf = (spec: EachSpec | FailedSpec, scope: Scope): { readonly elements: Element[]; readonly total: number } => {
  const list = spec.each.run(scope)
  const all: readonly Json[] = Array.isArray(list) ? list : []
  const elements = all.flatMap((item, index): Element[] => {
    const inner = { ...scope, item, index }
    if (spec.when !== null && !spec.when.run(inner)) return []
    return [{ scope: inner, index, refs: textsOf(spec.ref?.run(inner) ?? null) }]
  })
  return { elements, total: all.length }
}

const textsOf = (value: Json): string[] =>
  [value]
    .flat()
    .flatMap((each: Json) => (typeof each === "string" && each !== "" ? [each] : typeof each === "number" ? [String(each)] : []))

const namesOf = (batch: BatchSpec, { op, scope, facts }: Operation): string[] => {
  if (batch.match === "ref") return [op.ref]
  if (batch.match === "id") return textsOf(facts["id"] ?? null)
  return batch.match === "key" ? textsOf(batch.key?.run(scope) ?? null) : []
}

/** Names by which the answer may speak of an operation; two that share one cannot go in the same request. */
export const answerNames = (batch: BatchSpec, operation: Operation): readonly string[] => unique(namesOf(batch, operation))

const byName = (batch: BatchSpec, elements: readonly Element[]): Map<string, Element[]> => {
  const map = new Map<string, Element[]>()
  for (const element of elements)
    for (const name of batch.match === "order" ? [String(element.index)] : element.refs) {
      const known = map.get(name)
      if (known === undefined) map.set(name, [element])
      else known.push(element)
    }
  return map
}

const unique = <T>(all: readonly T[]): T[] => [...new Set(all)]

const unclear = ({ op }: Operation): Outcome =>
  unknown(op, "The answer to the batch does not say for certain what became of this operation.")

const provenById = (plan: ResourcePlan, ok: EachSpec, operation: Operation, hit: Element | undefined): boolean => {
  const { id } = operation.op
  if (hit === undefined || id === null || (ok.id === null && ok.record === null)) return false
  const outcome = outcomeOfApplied(plan, operation, ok, { ...operation.scope, ...hit.scope })
  return outcome.status === "applied" && outcome.id === id
}

const refused = (operation: Operation, spec: FailedSpec | null, element: Element | undefined, opened: Opened): Outcome => {
  const { op } = operation
  if (spec === null || element === undefined) return unclear(operation)
  try {
    const said = faultOfElement(spec, { ...operation.scope, ...element.scope }, opened.now())
    const fault = said === null || opened.http.redact === undefined ? said : cleanFault(said, opened.http.redact)
    if (fault === null) return op.id === null ? unclear(operation) : appliedAsItWas(op, op.id, op.secondary)
    // What is not there need not be deleted.
    if (op.kind === "delete" && op.id !== null && (fault.class === "gone" || fault.class === "notFound"))
      return appliedAsItWas(op, op.id, op.secondary)
    return fault.class === "unknown" ? { ref: op.ref, status: "unknown", fault } : failed(op, fault)
  } catch (error) {
    if (error instanceof FaultError) return unknown(op, error.fault.message)
    throw error
  }
}
