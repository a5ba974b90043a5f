// A write that was refused because a unique value is taken: by whom, where the system does not say. A create whose id is of
// our making may have met the item that its own first try made, and then it was applied.
import type { CallOptions, LookupAnswer, Outcome } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import { segmentsOf, valueAt } from "../../value/index.ts"
import { lookup } from "../read/lookup.ts"
import type { Operation, Situation } from "./operation.ts"

type Found = Extract<Extract<LookupAnswer, { found: unknown }>["found"], { kind: "upsert" }>

interface Refused {
  readonly operation: Operation
  readonly outcome: Extract<Outcome, { fault: unknown }>
}

export async function nameHolders(
  situation: Situation,
  operations: readonly Operation[],
  outcomes: readonly Outcome[],
  options: CallOptions,
): Promise<Outcome[]> {
  const byRef = new Map(operations.map((operation) => [operation.op.ref, operation]))
  const refused = outcomes.flatMap((outcome): Refused[] => {
    const operation = byRef.get(outcome.ref)
    return outcome.status === "failed" && outcome.fault.class === "duplicate" && operation !== undefined ? [{ operation, outcome }] : []
  })
  if (refused.length === 0) return [...outcomes]
  const settled = await ownItems(situation, refused, options)
  const open = refused.filter(({ outcome }) => !settled.has(outcome.ref) && outcome.fault.existingId === undefined)
  for (const [ref, id] of await holders(situation, open, options)) {
    const outcome = open.find((each) => each.outcome.ref === ref)?.outcome
    if (outcome !== undefined) settled.set(ref, { ...outcome, fault: { ...outcome.fault, existingId: id } })
  }
  return outcomes.map((outcome) => settled.get(outcome.ref) ?? outcome)
}

/** Creates that met what they made themselves: an id that comes from the create is nobody else's. */
async function ownItems(situation: Situation, refused: readonly Refused[], options: CallOptions): Promise<Map<string, Outcome>> {
  const { makes } = situation.wire
  const ids = new Map<string, string>()
  for (const { operation } of refused) {
    const id = makes === null || operation.op.kind !== "create" ? null : makes.run(operation.scope)
    if (typeof id === "string" && id !== "") ids.set(operation.op.ref, id)
  }
  const found = await find(situation, "id", [...new Set(ids.values())], options)
  return new Map(
    [...ids].flatMap(([ref, id]): [string, Outcome][] => {
      const item = found.get(id)
      if (item === undefined) return []
      const { kind: _, ...facts } = item
      return [[ref, { ref, status: "applied", ...facts }]]
    }),
  )
}

/** Reference -> id of another item that has the value of a key which the operation writes. */
async function holders(situation: Situation, refused: readonly Refused[], options: CallOptions): Promise<Map<string, string>> {
  const named = new Map<string, string>()
  for (const key of situation.plan.keys) {
    const [path] = key.paths
    if (!key.unique || path === undefined || key.paths.length > 1) continue
    const wanted = new Map<string, string>()
    for (const { operation, outcome } of refused) {
      const value = named.has(outcome.ref) ? undefined : valueAt(operation.op.set, segmentsOf(path))
      if (typeof value === "string" && value !== "") wanted.set(outcome.ref, value)
    }
    const found = await find(situation, key.name, [...new Set(wanted.values())], options)
    for (const [ref, value] of wanted) {
      const id = found.get(value)?.id
      const own = refused.find((each) => each.outcome.ref === ref)?.operation.op.id
      if (id !== undefined && id !== own) named.set(ref, id)
    }
  }
  return named
}

/** What cannot be looked up stays without a name. */
async function find({ opened, plan }: Situation, by: string, values: readonly string[], options: CallOptions): Promise<Map<string, Found>> {
  if (values.length === 0 || !plan.lookups.some((each) => each.by === by)) return new Map()
  try {
    const answers = await lookup(opened, plan, by, values, options)
    return new Map(
      answers.flatMap((answer, index): [string, Found][] =>
        "found" in answer && answer.found.kind === "upsert" ? [[values[index] ?? "", answer.found]] : [],
      ),
    )
  } catch (error) {
    if (error instanceof FaultError) return new Map()
    throw error
  }
}
