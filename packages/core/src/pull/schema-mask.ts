// While a path of a resource is held, items go on into the engine as if it still had the value that was seen last: nothing
// reads its absence as an edit. In: what a connector answered. Out: the same with the held paths as they were.
import * as Effect from "effect/Effect"
import type { Change, Connector, LookupAnswer, Outcome } from "@syncline/connector"
import type { Link } from "../model/link.ts"
import { segmentsOf, valueAt, withValues } from "../model/path.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { JsonObject } from "../model/value.ts"
import type { SchemaHold } from "../session/schema-state.ts"
import type { Store } from "../store/port.ts"
import { knownLinks, type LinkOf, type Made, madeName, type Named } from "./known-link.ts"

export interface Held {
  readonly entity: Entity
  readonly binding: Binding
  readonly holds: readonly SchemaHold[]
}

export interface Memory {
  readonly store: Store
  readonly made: Made
}

const linksOf = ({ store, made }: Memory, held: Held, items: readonly Named[]): Promise<LinkOf> =>
  Effect.runPromise(knownLinks(store, held, made, items))

const asBefore = (item: JsonObject, link: Link | undefined, holds: readonly SchemaHold[]): JsonObject =>
  withValues(item, Object.fromEntries(holds.map(({ path }) => [path, valueAt(link?.seen ?? null, segmentsOf(path))])))

/** A key that cannot be read makes strangers of items: new ones wait until it is back, when all is read again. */
const keyIsHeld = ({ entity, holds }: Held): boolean =>
  holds.some((hold) => hold.fields.some((field) => entity.match.some((key) => key.includes(field))))

export async function maskChanges(memory: Memory, held: Held, changes: readonly Change[]): Promise<readonly Change[]> {
  const items = changes.flatMap((change) => (change.kind === "upsert" ? [change] : []))
  if (items.length === 0 || held.holds.length === 0) return changes
  const linkOf = await linksOf(memory, held, items)
  const waits = keyIsHeld(held)
  return changes.flatMap((change): readonly Change[] => {
    if (change.kind !== "upsert") return [change]
    const link = linkOf(change)
    return link === undefined && waits ? [] : [{ ...change, item: asBefore(change.item, link, held.holds) }]
  })
}

const maskAnswers = async (memory: Memory, held: Held, answers: readonly LookupAnswer[]): Promise<readonly LookupAnswer[]> => {
  const items = answers.flatMap((answer) => ("found" in answer && answer.found.kind === "upsert" ? [answer.found] : []))
  if (items.length === 0) return answers
  const linkOf = await linksOf(memory, held, items)
  return answers.map((answer) =>
    "found" in answer && answer.found.kind === "upsert"
      ? { found: { ...answer.found, item: asBefore(answer.found.item, linkOf(answer.found), held.holds) } }
      : answer,
  )
}

const maskOutcomes = async (memory: Memory, held: Held, outcomes: readonly Outcome[]): Promise<readonly Outcome[]> => {
  const items = outcomes.flatMap((outcome) => (outcome.status === "applied" && outcome.item !== undefined ? [outcome] : []))
  if (items.length === 0) return outcomes
  const linkOf = await linksOf(memory, held, items)
  return outcomes.map((outcome) =>
    outcome.status === "applied" && outcome.item !== undefined
      ? { ...outcome, item: asBefore(outcome.item, linkOf(outcome), held.holds) }
      : outcome,
  )
}

export interface Watch {
  /** Notes what a create was answered with, before anything else is done with the answer. */
  readonly noteMade: (name: string) => void
  readonly heldOn: (resource: string) => readonly Held[]
  /** Judges items before they are masked. */
  readonly judge: (
    resource: string,
    items: readonly { readonly id: string; readonly secondary?: string; readonly item: JsonObject }[],
  ) => Promise<void>
}

/** Pages are judged and masked where they are read; lookups and the answers to writes here. */
export const masking = (connector: Connector, memory: Memory, { heldOn, judge, noteMade }: Watch): Connector => ({
  check: (options) => connector.check(options),
  pull: (resource, request, options) => connector.pull(resource, request, options),
  push: async (resource, ops, options) => {
    let outcomes: readonly Outcome[] = await connector.push(resource, ops, options)
    const creates = new Set(ops.flatMap((op) => (op.kind === "create" ? [op.ref] : [])))
    for (const outcome of outcomes) if (outcome.status === "applied" && creates.has(outcome.ref)) noteMade(madeName(resource, outcome.id))
    await judge(
      resource,
      outcomes.flatMap((outcome) =>
        outcome.status === "applied" && outcome.item !== undefined ? [{ ...outcome, item: outcome.item }] : [],
      ),
    )
    for (const held of heldOn(resource)) outcomes = await maskOutcomes(memory, held, outcomes)
    return [...outcomes]
  },
  ...(connector.lookup === undefined
    ? {}
    : {
        lookup: async (resource, by, values, options) => {
          let answers: readonly LookupAnswer[] = (await connector.lookup?.(resource, by, values, options)) ?? []
          await judge(
            resource,
            answers.flatMap((answer) => ("found" in answer && answer.found.kind === "upsert" ? [answer.found] : [])),
          )
          for (const held of heldOn(resource)) answers = await maskAnswers(memory, held, answers)
          return [...answers]
        },
      }),
  ...(connector.close === undefined ? {} : { close: () => connector.close?.() ?? Promise.resolve() }),
})
