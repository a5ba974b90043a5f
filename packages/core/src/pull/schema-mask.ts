// While a path of a resource is held, items go on into the engine as if it still had the value that was seen last: nothing
// reads its absence as an edit. In: what a connector answered. Out: the same with the held paths as they were.
import * as Effect from "effect/Effect"
import { type Change, type Connector, isObject, type LookupAnswer, type Op, type Outcome } from "@syncline/connector"
import type { Link } from "../model/link.ts"
import { segmentsOf, valueAt, withValues } from "../model/path.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { JsonObject } from "../model/value.ts"
import { type SchemaHold, shapeAt } from "../session/schema-state.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"
import { knownLinks, type Made } from "./known-link.ts"

export interface Held {
  readonly entity: Entity
  readonly binding: Binding
  readonly holds: readonly SchemaHold[]
}

export interface Memory {
  readonly store: Store
  readonly made: Made
}

type Masked<A> = Effect.Effect<readonly A[], StoreError>

/** What has a value that cannot be understood is an edit all the same where the item is about to be deleted. */
const asBefore = (item: JsonObject, link: Link | undefined, holds: readonly SchemaHold[]): JsonObject =>
  withValues(
    item,
    Object.fromEntries(
      holds.flatMap(({ path, kind, was }) => {
        const shape = shapeAt(item, path)
        // an item that shows what had vanished, or a value of the kind that all had, says what it holds
        const isShown = kind === "gone" ? shape !== "absent" : was.includes(shape) || (link !== undefined && link.owes !== null)
        return isShown ? [] : [[path, valueAt(link?.seen ?? null, segmentsOf(path))]]
      }),
    ),
  )

/** A key that cannot be read makes strangers of items: new ones wait until it is back, when all is read again. */
const keyIsHeld = ({ entity, holds }: Held): boolean =>
  holds.some((hold) => hold.fields.some((field) => entity.match.some((key) => key.includes(field))))

export function maskChanges({ store, made }: Memory, held: Held, changes: readonly Change[]): Masked<Change> {
  const items = changes.flatMap((change) => (change.kind === "upsert" ? [change] : []))
  if (items.length === 0 || held.holds.length === 0) return Effect.succeed(changes)
  const waits = keyIsHeld(held)
  return Effect.map(knownLinks(store, held, made, items), (linkOf) =>
    changes.flatMap((change): readonly Change[] => {
      if (change.kind !== "upsert") return [change]
      const link = linkOf(change)
      return link === undefined && waits ? [] : [{ ...change, item: asBefore(change.item, link, held.holds) }]
    }),
  )
}

type Applied = Extract<Outcome, { status: "applied" }>
type Found = Extract<Change, { kind: "upsert" }>

const foundIn = (answers: readonly LookupAnswer[]): readonly Found[] =>
  answers.flatMap((answer) => ("found" in answer && answer.found.kind === "upsert" ? [answer.found] : []))

const itemsIn = (outcomes: readonly Outcome[]): readonly (Applied & { readonly item: JsonObject })[] =>
  outcomes.flatMap((outcome) => (outcome.status === "applied" && outcome.item !== undefined ? [{ ...outcome, item: outcome.item }] : []))

function maskAnswers({ store, made }: Memory, held: Held, answers: readonly LookupAnswer[]): Masked<LookupAnswer> {
  const items = foundIn(answers)
  if (items.length === 0) return Effect.succeed(answers)
  return Effect.map(knownLinks(store, held, made, items), (linkOf) =>
    answers.map((answer) =>
      "found" in answer && answer.found.kind === "upsert"
        ? { found: { ...answer.found, item: asBefore(answer.found.item, linkOf(answer.found), held.holds) } }
        : answer,
    ),
  )
}

function maskOutcomes({ store, made }: Memory, held: Held, outcomes: readonly Outcome[]): Masked<Outcome> {
  const items = itemsIn(outcomes)
  if (items.length === 0) return Effect.succeed(outcomes)
  return Effect.map(knownLinks(store, held, made, items), (linkOf) =>
    outcomes.map((outcome) =>
      outcome.status === "applied" && outcome.item !== undefined
        ? { ...outcome, item: asBefore(outcome.item, linkOf(outcome), held.holds) }
        : outcome,
    ),
  )
}

export interface Watch<E> {
  /** Notes an id that is new to an item, before anything else is done with the answer that tells it. */
  readonly noteId: (resource: string, id: string, was: string | null) => void
  readonly heldOn: (resource: string) => readonly Held[]
  /** Judges items before they are masked. */
  readonly judge: (
    resource: string,
    items: readonly { readonly id: string; readonly secondary?: string; readonly item: JsonObject }[],
  ) => Effect.Effect<void, E>
  /** Where effects become the promises of the contract: with the clock and whatever else the pass has. */
  readonly perform: <A>(effect: Effect.Effect<A, E | StoreError>) => Promise<A>
}

/** What is held is not as it was seen last: whoever compares before he writes is not to compare that. */
function withoutHeld(held: readonly Held[], ops: readonly Op[]): readonly Op[] {
  const paths = held.flatMap(({ holds }) => holds.map(({ path }) => segmentsOf(path)))
  if (paths.length === 0) return ops
  return ops.map((op) => (op.seen === null ? op : { ...op, seen: paths.reduce(without, op.seen) }))
}

function without(item: JsonObject, [head, ...rest]: readonly string[]): JsonObject {
  if (head === undefined || !Object.hasOwn(item, head)) return item
  const { [head]: inner, ...others } = item
  return rest.length === 0 || !isObject(inner) ? others : { ...others, [head]: without(inner, rest) }
}

/** Pages are judged and masked where they are read; lookups and the answers to writes here. */
export function masking<E>(connector: Connector, memory: Memory, { heldOn, judge, noteId, perform }: Watch<E>): Connector {
  const through = <A>(resource: string, given: readonly A[], mask: (held: Held, answers: readonly A[]) => Masked<A>): Masked<A> =>
    Effect.reduce(
      heldOn(resource),
      () => given,
      (answers, held) => mask(held, answers),
    )
  return {
    check: (options) => connector.check(options),
    pull: (resource, request, options) => connector.pull(resource, request, options),
    push: async (resource, ops, options) => {
      const outcomes = await connector.push(resource, withoutHeld(heldOn(resource), ops), options)
      const byRef = new Map(ops.map((op) => [op.ref, op]))
      for (const outcome of outcomes) {
        const op = byRef.get(outcome.ref)
        if (outcome.status === "applied" && op !== undefined && op.id !== outcome.id) noteId(resource, outcome.id, op.id)
      }
      const masked = Effect.suspend(() => through(resource, outcomes, (held, each) => maskOutcomes(memory, held, each)))
      return perform(Effect.andThen(judge(resource, itemsIn(outcomes)), masked))
    },
    ...(connector.lookup === undefined
      ? {}
      : {
          lookup: async (resource, by, values, options) => {
            const answers = (await connector.lookup?.(resource, by, values, options)) ?? []
            const masked = Effect.suspend(() => through(resource, answers, (held, each) => maskAnswers(memory, held, each)))
            return perform(Effect.andThen(judge(resource, foundIn(answers)), masked))
          },
        }),
    ...(connector.close === undefined ? {} : { close: () => connector.close?.() ?? Promise.resolve() }),
  }
}
