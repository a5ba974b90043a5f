// Edges of an item that was just written: what is new in the list is linked, what is gone is unlinked; siblings that others
// linked meanwhile stay. Where an API knows only whole lists, the list is replaced.
// Leaves the outcomes of the items; one whose edges were not all written is `unknown` or `failed`, and is read again.
import type { CallOptions, Op, Outcome } from "../../contract.ts"
import { FaultError, type Fault } from "../../fault.ts"
import { isObject, type Json, type JsonObject } from "../../json.ts"
import { canonicalText, segmentsOf, valueAt } from "../../value/index.ts"
import { send } from "../request/send.ts"
import type { EdgeSpec, EdgeWrite, Opened, ResourcePlan, Scope } from "../spec/index.ts"
import { severalAtOnce } from "../write/several-at-once.ts"
import { idsOfNames } from "./names.ts"

export interface EdgeChange {
  readonly edge: EdgeSpec
  readonly added: readonly Json[]
  readonly removed: readonly Json[]
  /** All that shall be there. */
  readonly all: readonly Json[]
}

export interface EdgeWork {
  readonly op: Op
  readonly changes: readonly EdgeChange[]
}

/** Takes the edges out of an operation. `work`: null where there is nothing to do about them. */
export const splitEdges = (plan: ResourcePlan, op: Op): { readonly op: Op; readonly work: EdgeWork | null } => {
  const beside = plan.edges.filter((edge) => edge.inline === "never" || (edge.inline === "create" && op.kind !== "create"))
  if (beside.length === 0 || op.kind === "delete") return { op, work: null }
  let { set } = op
  const changes: EdgeChange[] = []
  for (const edge of beside) {
    const path = segmentsOf(edge.field)
    if (!names(op.set, path)) continue
    set = withoutPath(set, path)
    const all = listOf(valueAt(op.set, path))
    const before = listOf(valueAt(op.seen, path))
    const change = { edge, all, added: missingFrom(all, before), removed: missingFrom(before, all) }
    if (change.added.length > 0 || change.removed.length > 0) changes.push(change)
  }
  const rest = set === op.set ? op : { ...op, set }
  return { op: rest, work: changes.length === 0 && rest === op ? null : { op, changes } }
}

const names = (item: JsonObject, [first = "", ...rest]: readonly string[]): boolean => {
  if (!Object.hasOwn(item, first)) return false
  const inner = item[first]
  return rest.length === 0 || (isObject(inner) && names(inner, rest))
}

const withoutPath = (item: JsonObject, [first = "", ...rest]: readonly string[]): JsonObject => {
  const { [first]: inner, ...others } = item
  if (rest.length === 0 || !isObject(inner)) return others
  const left = withoutPath(inner, rest)
  return Object.keys(left).length === 0 ? others : { ...others, [first]: left }
}

const listOf = (value: Json): readonly Json[] => (value === null || value === "" ? [] : Array.isArray(value) ? value : [value])

const missingFrom = (these: readonly Json[], those: readonly Json[]): Json[] => {
  const known = new Set(those.map((each) => canonicalText(each)))
  return [...new Map(these.map((each) => [canonicalText(each), each] as const))].flatMap(([key, each]) => (known.has(key) ? [] : [each]))
}

export const pushEdges = async (
  opened: Opened,
  plan: ResourcePlan,
  outcomes: readonly Outcome[],
  work: ReadonlyMap<string, EdgeWork>,
  options: CallOptions,
): Promise<Outcome[]> =>
  severalAtOnce(outcomes, async (outcome) => {
    const own = work.get(outcome.ref)
    return own === undefined || outcome.status !== "applied" ? outcome : pushEdgesOf(opened, plan, outcome, own, options)
  })

type Applied = Extract<Outcome, { status: "applied" }>

const pushEdgesOf = async (
  opened: Opened,
  plan: ResourcePlan,
  outcome: Applied,
  work: EdgeWork,
  options: CallOptions,
): Promise<Outcome> => {
  if (work.changes.length === 0) return outcome
  let touched = work.op.kind === "create" || Object.keys(splitEdges(plan, work.op).op.set).length > 0
  try {
    for (const change of work.changes) {
      for (const request of await requestsOf(opened, change, outcome.id, work.op, options)) {
        await send(opened, request.write.request, request.scope, options)
        touched = true
      }
    }
  } catch (error) {
    if (!(error instanceof FaultError)) throw error
    return edgesFailed(outcome, error.fault, touched)
  }
  // What was returned before the edges were written does not show them: it is to be read again.
  const { item: _, fieldTimes: __, version: ___, ...bare } = outcome
  return bare
}

/**
 * The item's own write stands, so that a plain failure would be wrong, and success, too. What is unknown is looked at
 * again before anything is sent anew; linking twice does no harm.
 */
const edgesFailed = (outcome: Applied, fault: Fault, touched: boolean): Outcome => {
  if (!touched)
    return fault.class === "unknown" ? { ref: outcome.ref, status: "unknown", fault } : { ref: outcome.ref, status: "failed", fault }
  const message = `The item was written, but not everything it belongs to: ${fault.message}`
  return { ref: outcome.ref, status: "unknown", fault: { ...fault, class: "unknown", message } }
}

interface EdgeRequest {
  readonly write: EdgeWrite
  readonly scope: Scope
}

const requestsOf = async (opened: Opened, change: EdgeChange, owner: string, op: Op, options: CallOptions): Promise<EdgeRequest[]> => {
  const { edge } = change
  const rec: JsonObject = op.seen ?? {}
  const base: Scope = {
    owner,
    rec,
    op: { id: owner, set: op.set, seen: op.seen, kind: op.kind, key: op.idempotencyKey },
    config: opened.config,
  }
  const portions = (write: EdgeWrite, values: readonly Json[]): EdgeRequest[] => {
    const requests: EdgeRequest[] = []
    for (let at = 0; at < values.length; at += write.max) {
      const some = values.slice(at, at + write.max)
      requests.push({ write, scope: { ...base, values: some, value: some[0] ?? null } })
    }
    return requests
  }
  const translate = (values: readonly Json[], make: boolean): Promise<readonly Json[]> =>
    edge.names === null ? Promise.resolve(values) : idsOfNames(opened, edge.names, values, make, options)
  const oneByOne = (change.added.length === 0 || edge.link !== null) && (change.removed.length === 0 || edge.unlink !== null)
  if (oneByOne) {
    return [
      ...(edge.link === null ? [] : portions(edge.link, await translate(change.added, true))),
      ...(edge.unlink === null ? [] : portions(edge.unlink, await translate(change.removed, false))),
    ]
  }
  if (edge.replace === null) {
    const what = change.removed.length > 0 ? "takes nothing out of" : "adds nothing to"
    throw new FaultError({ class: "invalid", message: `${edge.field}: the manifest ${what} this list.` })
  }
  const values = await translate(change.all, true)
  return [{ write: edge.replace, scope: { ...base, values, value: values[0] ?? null } }]
}
