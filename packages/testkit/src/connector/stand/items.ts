// Items to try things on: made, seen, edited and removed, from outside where the system offers that, else by a second
// instance of the connector.
import type { Change, JsonObject, Op, Outcome, WriteKind } from "@syncline/connector"
import { must, show, Failure, Skip } from "../check.ts"
import { fill } from "../conduct.ts"
import { scan, upsertOf } from "./scan.ts"
import { lag } from "./lag.ts"
import { keepPaths, leavesOf } from "./paths.ts"
import type { Stand } from "./stand.ts"

export interface Made {
  readonly id: string
  readonly secondary?: string
  /** What was asked for. */
  readonly set: JsonObject
  /** As last read. */
  readonly change: Extract<Change, { kind: "upsert" }>
}

export type Applied = Extract<Outcome, { status: "applied" }>

/** Operations of one call, with refs and keys of their own. */
export const op = (stand: Stand, kind: WriteKind, rest: Partial<Op> = {}): Op => {
  const word = stand.session.unique()
  return { ref: `ref-${word}`, kind, id: null, set: {}, seen: null, idempotencyKey: `key-${word}`, ...rest }
}

export const createOp = (stand: Stand, set: JsonObject = newItem(stand)): Op => op(stand, "create", { set })

export const newItem = (stand: Stand): JsonObject => fill(stand.conduct.item ?? {}, stand.session.unique())

export const newEdit = (stand: Stand): JsonObject => fill(stand.conduct.edit ?? {}, stand.session.unique())

/** The part of an item that a pipeline would map. */
export const mapped = (stand: Stand, item: JsonObject): JsonObject =>
  keepPaths(
    item,
    [...leavesOf(fill(stand.conduct.item ?? {}, "x")), ...leavesOf(fill(stand.conduct.edit ?? {}, "x"))].map(({ path }) => path),
  )

/** An operation on an item as it was last read. */
export const opOn = (stand: Stand, kind: "update" | "delete", made: Made, set: JsonObject = {}, rest: Partial<Op> = {}): Op =>
  op(stand, kind, {
    id: made.id,
    set,
    seen: mapped(stand, made.change.item),
    ...(made.secondary === undefined ? {} : { secondary: made.secondary }),
    ...(made.change.version === undefined ? {} : { version: made.change.version }),
    ...rest,
  })

const STATUSES = new Set(["applied", "failed", "unknown"])

/** Exactly one outcome per operation, in the order of the operations. */
export function inOrder(ops: readonly Op[], outcomes: readonly Outcome[]): readonly Outcome[] {
  must(Array.isArray(outcomes), () => `a push answers ${show(outcomes)}, not a list of outcomes`)
  for (const outcome of outcomes) {
    must(STATUSES.has(outcome.status), () => `an outcome has the status ${show(outcome.status)}`)
    must(
      ops.some(({ ref }) => ref === outcome.ref),
      () => `an outcome names ${show(outcome.ref)}, which is none of the operations`,
    )
    if (outcome.status === "applied")
      must(typeof outcome.id === "string" && outcome.id !== "", () => `an applied outcome has ${show(outcome.id)} for an id`)
    else
      must(
        typeof outcome.fault?.class === "string" && typeof outcome.fault.message === "string",
        () => `an outcome that is ${outcome.status} has no fault: ${show(outcome)}`,
      )
  }
  return ops.map(({ ref }) => {
    const own = outcomes.filter((outcome) => outcome.ref === ref)
    const [first] = own
    must(own.length === 1 && first !== undefined, `${own.length} outcomes for one operation of ${ops.length}`)
    return first
  })
}

export const appliedOf = (outcome: Outcome | undefined, what: string): Applied => {
  if (outcome?.status === "applied") return outcome
  throw new Failure(
    `${what}: it is ${outcome?.status ?? "without an outcome"}${outcome === undefined ? "" : `, ${outcome.fault.class}: ${outcome.fault.message}`}`,
  )
}

/** Pushes one operation after the other through the connector in question. */
export async function pushOne(stand: Stand, one: Op, what: string, connector = stand.connector): Promise<Applied> {
  return appliedOf(inOrder([one], await connector.push(stand.resource, [one]))[0], what)
}

/** New items can be had, by one way or another. */
export const canMake = ({ conduct, outside, spec }: Stand): boolean =>
  conduct.item !== undefined && (outside.create !== undefined || spec.write.create !== undefined)

export async function make(
  stand: Stand,
  count: number,
  set: (index: number) => JsonObject = () => newItem(stand),
): Promise<readonly Made[]> {
  const { outside, spec, resource, witness } = stand
  if (!canMake(stand)) throw new Skip("it takes more items than there are, and none can be made")
  const sets = Array.from({ length: count }, (_, index) => set(index))
  const ids: { id: string; secondary?: string }[] = []
  if (outside.create !== undefined) for (const each of sets) ids.push({ id: await outside.create(each) })
  else {
    const max = Math.max(1, spec.write.create?.max ?? 1)
    for (let at = 0; at < sets.length; at += max) {
      const ops = sets.slice(at, at + max).map((each) => createOp(stand, each))
      for (const outcome of inOrder(ops, await witness.push(resource, ops))) {
        const { id, secondary } = appliedOf(outcome, "an item to try things on was not created")
        ids.push({ id, ...(secondary === undefined ? {} : { secondary }) })
      }
    }
  }
  await lag(stand, "byId")
  const seen = await seeAll(
    stand,
    ids.map(({ id }) => id),
  )
  return sets.map((each, index) => {
    const { id = "", secondary } = ids[index] ?? {}
    const change = seen.get(id)
    must(change !== undefined, `${id} was created and cannot be read`)
    const known = change.secondary ?? secondary
    return { id, set: each, change, ...(known === undefined ? {} : { secondary: known }) }
  })
}

/** Items as they are now, by id; what is not there is left out. */
export async function seeAll(
  stand: Stand,
  ids: readonly string[],
  connector = stand.witness,
): Promise<ReadonlyMap<string, Extract<Change, { kind: "upsert" }>>> {
  const { spec, resource } = stand
  const found = new Map<string, Extract<Change, { kind: "upsert" }>>()
  if (spec.read.lookup?.by.includes("id") === true) {
    for (let at = 0; at < ids.length; at += spec.read.lookup.max) {
      const answers = await connector.lookup(resource, "id", ids.slice(at, at + spec.read.lookup.max))
      for (const answer of answers) if ("found" in answer && answer.found.kind === "upsert") found.set(answer.found.id, answer.found)
    }
    return found
  }
  const { changes } = await scan(stand, connector, spec.read.snapshot ? "snapshot" : "delta", null)
  for (const id of ids) {
    const upsert = upsertOf(changes, id)
    if (upsert !== undefined) found.set(id, upsert)
  }
  return found
}

export const see = async (stand: Stand, id: string): Promise<Extract<Change, { kind: "upsert" }> | undefined> => {
  await lag(stand, "byId")
  return (await seeAll(stand, [id])).get(id)
}

/** The same item, read anew. */
export async function again(stand: Stand, made: Made): Promise<Made> {
  const change = await see(stand, made.id)
  must(change !== undefined, `${made.id} is not there any more`)
  return { ...made, change }
}

/** Somebody else edits it. */
export async function editOutside(stand: Stand, made: Made, set: JsonObject = newEdit(stand)): Promise<Made> {
  if (stand.outside.edit !== undefined) await stand.outside.edit(made.id, set)
  else await pushOne(stand, opOn(stand, "update", await again(stand, made), set), "an item could not be edited", stand.witness)
  return again(stand, made)
}

export async function removeOutside(stand: Stand, made: Made): Promise<void> {
  if (stand.outside.delete !== undefined) return stand.outside.delete(made.id)
  await pushOne(stand, opOn(stand, "delete", await again(stand, made)), "an item could not be deleted", stand.witness)
}
