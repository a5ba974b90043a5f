// The stamps of a record, compact: fields that one system wrote at one time share a stamp, and are named by their place
// among the record's fields: `1700000000000, [13, 0, 0, 1], [17, 5000, 2]`: system 3 with certainty 1 wrote fields 0 and 1
// at that time, and system 4 wrote field 2 five seconds later. A stamp without a field is named by its text.
import type { Certainty, Fields, RecordRow, Stamp } from "@syncline/core/model"
import type { Words } from "./words.ts"

type Stamps = RecordRow["stamps"]
type Group = readonly [author: number, since: number, ...fields: (number | string)[]]

/** The place in this list is what is stored: append only. */
const CERTAINTIES: readonly Certainty[] = ["field", "item", "observed", "human"]
/** An author is the number of the system and the certainty in one. */
const CERTAINTIES_MAX = 4

export const packStamp = (stamp: Stamp): readonly [string, number, number] => [stamp.system, stamp.at, CERTAINTIES.indexOf(stamp.certainty)]

export function unpackStamp([system, at, code]: readonly [string, number, number]): Stamp {
  const certainty = CERTAINTIES[code]
  if (certainty === undefined) throw new Error(`a stamp has the unknown certainty ${code}`)
  return { system, at, certainty }
}

export function encodeStamps(stamps: Stamps, fields: Fields, words: Words): string {
  const place = new Map(Object.keys(fields).map((field, index) => [field, index]))
  const groups = new Map<string, (number | string)[]>()
  let first: number | null = null
  for (const field of Object.keys(stamps)) {
    const stamp = stamps[field]
    if (stamp === undefined) continue
    first ??= stamp.at
    const author = words.number(stamp.system) * CERTAINTIES_MAX + CERTAINTIES.indexOf(stamp.certainty)
    const head = `${author},${stamp.at - first}`
    const named = place.get(field) ?? field
    const group = groups.get(head)
    if (group === undefined) groups.set(head, [named])
    else group.push(named)
  }
  const parts: string[] = [String(first ?? 0)]
  for (const [head, group] of groups) parts.push(`[${head},${JSON.stringify(group).slice(1)}`)
  return parts.join(",")
}

export function decodeStamps(text: string, fields: Fields, words: Words): Stamps {
  const names = Object.keys(fields)
  const entries: (readonly [string, Stamp])[] = []
  // The text was written by `encodeStamps`.
  const [first, ...groups] = JSON.parse(`[${text}]`) as readonly [number, ...Group[]]
  for (const [author, since, ...named] of groups) {
    const system = words.text(Math.floor(author / CERTAINTIES_MAX))
    const stamp = unpackStamp([system, first + since, author % CERTAINTIES_MAX])
    for (const one of named) entries.push([typeof one === "number" ? (names[one] ?? "") : one, stamp])
  }
  return Object.fromEntries(entries)
}
