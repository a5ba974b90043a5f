// Erasing a person: what is asked for, what comes back, and the few rules by which every engine tells whether a text
// still names somebody. Nothing that comes back holds a personal value.
import { type ItemNames, namesKeys, passingIdKey } from "../model/forgotten-id.ts"
import { ERASED } from "../model/journal.ts"
import type { RecordRow } from "../model/record.ts"
import type { Json, JsonObject } from "../model/value.ts"
import type { PageQuery } from "./port.ts"

export interface Erasure {
  readonly recordIds: readonly string[]
  /** Values that are a match key by themselves: deleted records that hold one are earlier lives of the person, and go too. */
  readonly alike: readonly string[]
  /** Match keys that are not to come in again: only a keyed hash of each is kept. */
  readonly keys: readonly { readonly entity: string; readonly key: string; readonly value: string }[]
  /** Bindings where an id means one item for ever: those of theirs, and stable secondary ids anywhere, are not to come in again. */
  readonly stableIn: readonly string[]
  /** Texts that name the person wherever else they stand: remote ids, values of match keys, ids of our own. */
  readonly names: readonly string[]
  readonly at: number
}

/** What an item was known by, and where. */
export interface ErasedItem extends ItemNames {
  readonly entity: string
  readonly binding: string
}

/**
 * What is not taken in again, each once: the match keys first, then the names of items. `items`: without stable names by which
 * somebody else goes now.
 */
export function blockedKeys({ keys, stableIn }: Pick<Erasure, "keys" | "stableIn">, items: readonly ErasedItem[]): Erasure["keys"] {
  const own = items.flatMap(({ entity, binding, remoteId, secondaryId }) => {
    const isStable = stableIn.includes(binding)
    const passing = remoteId === null || isStable ? [] : [{ key: passingIdKey(binding), value: remoteId }]
    const pairs = [...namesKeys(binding, { remoteId: isStable ? remoteId : null, secondaryId }), ...passing]
    return pairs.map((pair) => ({ entity, ...pair }))
  })
  return [...new Map([...keys, ...own].map((each) => [hashed(each.entity, each.key, each.value), each])).values()]
}

/** A match key that may not come in again. */
export interface Blocked {
  /** `fgt_…`: the keyed hash of entity, key and value; lifting it takes this id. */
  readonly id: string
  readonly entity: string
  /** Name of the match key. */
  readonly key: string
}

export interface Erased {
  readonly blocked: readonly Blocked[]
  /** How many of each were erased; journal rows stay, without whom and what they were about. */
  readonly records: number
  readonly links: number
  readonly intents: number
  readonly reviews: number
  readonly quarantine: number
  readonly decisions: number
  readonly journal: number
  /** Reports of runs, cursors and notes about systems in which a text was blotted out. */
  readonly blotted: number
}

/** Records that a person merged into one of these, at any remove: they were the same one. */
export function mergedAway(deleted: readonly Pick<RecordRow, "id" | "deleted">[], ids: readonly string[]): readonly string[] {
  const found = new Set(ids)
  for (let before = -1; before < found.size;) {
    before = found.size
    for (const row of deleted) if (row.deleted?.mergedInto !== undefined && found.has(row.deleted.mergedInto)) found.add(row.id)
  }
  return [...found].filter((id) => !ids.includes(id))
}

/** What a page may hold of forgotten people: match keys, and the names of items. */
export const askedForgotten = ({
  binding,
  keys,
  remoteIds,
  secondaryIds,
}: PageQuery): readonly { readonly key: string; readonly value: string }[] => [
  ...keys,
  ...remoteIds.flatMap((remoteId) => [
    ...namesKeys(binding, { remoteId, secondaryId: null }),
    { key: passingIdKey(binding), value: remoteId },
  ]),
  ...secondaryIds.flatMap((secondaryId) => namesKeys(binding, { remoteId: null, secondaryId })),
]

/** The name of an item in one binding. */
export interface ItemName {
  readonly binding: string
  readonly id: string
}

/**
 * The texts that name the person in rows about a binding: the id of an item elsewhere may be another's here, unless it is a
 * match key as well.
 */
export function personIn(
  person: ReadonlySet<string>,
  items: readonly ItemName[],
  alike: readonly string[],
): (binding: string | null) => ReadonlySet<string> {
  const known = new Map<string, ReadonlySet<string>>()
  return (binding) => {
    if (binding === null) return person
    const before = known.get(binding)
    if (before !== undefined) return before
    const own = new Set([...alike, ...items.filter((item) => item.binding === binding).map(({ id }) => id)])
    const others = new Set(items.map(({ id }) => id).filter((id) => !own.has(id)))
    const here = new Set([...person].filter((text) => !others.has(text)))
    known.set(binding, here)
    return here
  }
}

export const BLOT = "<erased>"

/** Shorter names stand in too many texts by chance: they count only where they are the whole text. */
const LEAST_PART = 6

export function names(text: string, person: ReadonlySet<string>): boolean {
  if (person.has(text)) return true
  const low = text.toLowerCase()
  for (const name of person) if (name.length >= LEAST_PART && low.includes(name.toLowerCase())) return true
  return false
}

/** Whether a name stands anywhere in a value, keys of objects included. */
export function mentions(value: Json | undefined, person: ReadonlySet<string>): boolean {
  if (typeof value === "string") return names(value, person)
  if (typeof value !== "object" || value === null) return false
  if (Array.isArray(value)) return value.some((each: Json) => mentions(each, person))
  // what is neither null nor a list is an object
  return Object.entries(value as JsonObject).some(([key, each]) => names(key, person) || mentions(each, person))
}

/** The parts of a journal row that may name somebody; its changes in whatever form an engine keeps them. */
export interface RowText<Change> {
  readonly recordId: string | null
  readonly remoteId: string | null
  readonly changes: readonly Change[]
  readonly note: string | null
}

const ERASED_ROW: RowText<never> = { recordId: null, remoteId: null, changes: [], note: ERASED }

/**
 * What is left of a journal row; null: it stays as it is. Of a row about somebody else only what names the person goes, whose
 * item may have an id by now that was the other's then: what became of the other's values is theirs to be told.
 */
export function leftOf<Change>(
  { recordId, remoteId, changes, note }: RowText<Change>,
  ids: ReadonlySet<string>,
  person: ReadonlySet<string>,
): RowText<Change> | null {
  if (recordId !== null && ids.has(recordId)) return ERASED_ROW
  // Changes are plain data in any form.
  const others = changes.filter((change) => !mentions(change as unknown as Json, person))
  const isNamed = [remoteId, note].map((text) => text !== null && names(text, person))
  if (!isNamed.includes(true) && others.length === changes.length) return null
  if (recordId === null) return ERASED_ROW
  const [inId, inNote] = isNamed
  // a row that does not say all any more says why
  const saysLess = note === null && (inId === true || others.length < changes.length)
  return { recordId, remoteId: inId === true ? null : remoteId, changes: others, note: inNote === true || saysLess ? ERASED : note }
}

/** The value with every text blotted out that names the person. */
export function blotted(value: Json, person: ReadonlySet<string>): Json {
  if (typeof value === "string") return names(value, person) ? BLOT : value
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map((each: Json) => blotted(each, person))
  const entries = Object.entries(value as JsonObject).map(
    ([key, each]) => [names(key, person) ? BLOT : key, blotted(each, person)] as const,
  )
  return Object.fromEntries(entries)
}

/** What the keyed hash is made of: the same text in every engine. */
export const hashed = (entity: string, key: string, value: string): string => JSON.stringify([entity, key, value])
