// Plays states of the small model through the real engine: each state is one person of a world, all in one pass.
// In: states and how the world is set. Out: what each side shows at the end, what is asked, and what was written when.
import type { Json, JsonObject } from "@syncline/connector"
import type { Review } from "../../src/model/review.ts"
import { World } from "../fake-system/world.ts"
import type { DeleteRule, Later, Policy, Word } from "./specification.ts"
import type { Before, Deed, State } from "./states.ts"

/** When b does its part: before anything is read, while our write is on its way to it, or after it took our write. */
export type Moment = "together" | "meets the write" | "after the write"

export interface Setting {
  readonly policies: readonly [Policy, Policy]
  readonly first: "a" | "b"
  readonly moment: Moment
  readonly later: Later
  readonly deletes: DeleteRule
}

export interface Played {
  readonly world: World
  /** Per state: the values of a side, null where the item is gone. */
  readonly show: (index: number, side: "a" | "b") => readonly [Word, Word] | null
  readonly asked: (index: number) => readonly Review[]
  readonly lost: (index: number) => readonly string[]
  /** Reads again, changes and in full; the writes that this made. */
  readonly writesOfMoreRuns: () => Promise<readonly string[]>
  /** Reads the outcome again. */
  readonly look: () => Promise<void>
}

type FieldName = "name" | "note" | "tags" | "score"

const YAML: Readonly<Record<Policy, string>> = {
  newest: "newest",
  "newest, b first": "{ newest: [b, a] }",
  "prefer a": "{ prefer: a }",
  "prefer b": "{ prefer: b }",
  review: "review",
  strictest: "{ strictest: [y, x, base] }",
  union: "union",
  max: "max",
  min: "min",
}

export const fieldsOf = ([one]: readonly [Policy, Policy]): readonly [FieldName, FieldName] => [
  one === "union" ? "tags" : one === "max" || one === "min" ? "score" : "name",
  "note",
]

const NUMBERS: Readonly<Record<string, number>> = { base: 1, x: 2, y: 3 }

const valueOf = (field: FieldName, word: string): Json =>
  word === "absent" ? null : field === "tags" ? [word] : field === "score" ? (NUMBERS[word] ?? null) : word

/** What a system holds, in the words of the model. */
function wordOf(field: FieldName, value: Json | undefined): Word {
  if (field === "tags") return `{${Array.isArray(value) ? value.map(String).toSorted().join(",") : ""}}`
  if (value === null || value === undefined) return "absent"
  const word = field === "score" ? Object.keys(NUMBERS).find((name) => NUMBERS[name] === value) : value
  if (word === "base" || word === "x" || word === "y") return word
  throw new Error(`${field} holds ${JSON.stringify(value)}, which nobody wrote`)
}

/** A review's word: sets and values alike. */
export const wordOfSide = (value: Json): string =>
  value === null
    ? "absent"
    : typeof value === "number"
      ? (Object.keys(NUMBERS).find((name) => NUMBERS[name] === value) ?? "?")
      : String(value)

const emailOf = (index: number): string => `p${index}@x.com`
const GAP = 5_000

export async function play(states: readonly State[], setting: Setting): Promise<Played> {
  const { policies, first, moment, later, deletes } = setting
  const fields = fieldsOf(policies)
  const world = new World({
    systems: { a: { max: 5_000, pageSize: 5_000 }, b: { max: 5_000, pageSize: 5_000 } },
    pulls: first === "a" ? ["a", "b"] : ["b", "a"],
    conflicts: { [fields[0]]: YAML[policies[0]], [fields[1]]: YAML[policies[1]] },
    deleteVsEdit: deletes,
    guards: "{ delete: { max: 100000, percent: 100 } }",
  })
  const a = world.system("a")
  const b = world.system("b")
  const before = (words: readonly [Before, Before]): JsonObject =>
    Object.fromEntries(fields.flatMap((field, i) => (words[i] === "base" ? [[field, valueOf(field, "base")]] : [])))
  const inA = states.map((state, index) => a.create({ email: emailOf(index), ...before(state.before) }))
  // somebody who stays: a side that is empty all of a sudden is another story
  a.create({ email: "witness@x.com" })
  await world.run()
  const uids = new Map([...b.rows.values()].map((row) => [row.item["email"], row.uid]))
  const inB = states.map((_, index) => uids.get(emailOf(index)) ?? "")
  const places = new Map(states.map((_, index) => [emailOf(index), index]))
  const recordOf = new Map<string, number>()
  for (const record of await world.effect(world.store.records("person", "", 100_000)))
    recordOf.set(record.id, places.get(String(record.fields["email"])) ?? -1)
  world.wait(60_000)

  const start = world.time
  const time = (side: "a" | "b"): number => start + (later === side ? GAP : 0)
  const act = (side: "a" | "b"): void => {
    const system = side === "a" ? a : b
    states.forEach((state, index) => {
      const uid = (side === "a" ? inA : inB)[index] ?? ""
      const deed: Deed = state[side]
      if (deed === "deleted") return system.remove(uid, time(side))
      const patch = Object.fromEntries(
        fields.flatMap((field, i) => (deed[i] === "nothing" || deed[i] === undefined ? [] : [[field, valueOf(field, deed[i])]])),
      )
      if (Object.keys(patch).length > 0) system.edit(uid, patch, time(side))
    })
  }
  act("a")
  let acted = false
  const actB = (): void => {
    if (!acted) act("b")
    acted = true
  }
  if (moment === "together") actB()
  if (moment === "meets the write") world.wire("b").onPush = actB
  if (moment === "after the write") world.wire("b").afterPush = actB
  world.wait(60_000)
  await world.run()
  actB()
  world.wait(60_000)
  await world.run()

  const asked = new Map<number, Review[]>()
  const lost = new Map<number, string[]>()
  const look = async (): Promise<void> => {
    asked.clear()
    lost.clear()
    for (const review of await world.effect(world.store.reviews({ status: "open", limit: 100_000 }))) {
      const index = recordOf.get(review.recordId ?? "") ?? -1
      asked.set(index, [...(asked.get(index) ?? []), review])
    }
    for (const row of await world.effect(world.store.journal({ limit: 100_000 })))
      for (const change of row.changes)
        if (change.lost !== undefined) {
          const index = recordOf.get(row.recordId ?? "") ?? -1
          lost.set(index, [...(lost.get(index) ?? []), `${change.field} ${wordOfSide(change.lost)}`])
        }
  }
  await look()
  // an item that is made anew is another item with the same address
  const show: Played["show"] = (index, side) => {
    const rows = live(side).get(emailOf(index)) ?? []
    if (rows.length > 1) throw new Error(`${emailOf(index)} is ${rows.length} times in ${side}`)
    const [item] = rows
    return item === undefined ? null : [wordOf(fields[0], item[fields[0]]), wordOf(fields[1], item[fields[1]])]
  }
  const shown = new Map<string, { readonly at: number; readonly items: ReadonlyMap<Json | undefined, readonly JsonObject[]> }>()
  const live = (side: "a" | "b"): ReadonlyMap<Json | undefined, readonly JsonObject[]> => {
    const system = side === "a" ? a : b
    const known = shown.get(side)
    if (known?.at === system.sequence) return known.items
    const items = Map.groupBy(
      system.live().map((row): JsonObject => row.item),
      (item) => item["email"],
    )
    shown.set(side, { at: system.sequence, items })
    return items
  }
  const writesOfMoreRuns = async (): Promise<readonly string[]> => {
    const counts = [a.written.length, b.written.length] as const
    world.wait(600_000)
    await world.run()
    await world.run({ full: true })
    return [...a.written.slice(counts[0]), ...b.written.slice(counts[1])].map(
      (write) => `${write.kind} ${write.id} ${JSON.stringify(write.set)}`,
    )
  }
  return { world, show, asked: (index) => asked.get(index) ?? [], lost: (index) => lost.get(index) ?? [], writesOfMoreRuns, look }
}
