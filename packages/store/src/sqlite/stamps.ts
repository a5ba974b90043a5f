// The stamps of a record, compact: fields that one system wrote at one time share a stamp, and are named by their place
// among the record's fields: `[["crm", 1700000000000, 1, 0, 1, 2]]`. A stamp without a field is named by its text.
import type { Certainty, Fields, RecordRow, Stamp } from "@syncline/core/model"

type Stamps = RecordRow["stamps"]
type Group = readonly [system: string, at: number, certainty: number, ...fields: (number | string)[]]

/** The place in this list is what is stored: append only. */
const CERTAINTIES: readonly Certainty[] = ["field", "item", "observed", "human"]

export const packStamp = (stamp: Stamp): readonly [string, number, number] => [
  stamp.system,
  stamp.at,
  CERTAINTIES.indexOf(stamp.certainty),
]

export function unpackStamp([system, at, code]: readonly [string, number, number, ...unknown[]]): Stamp {
  const certainty = CERTAINTIES[code]
  if (certainty === undefined) throw new Error(`a stamp has the unknown certainty ${code}`)
  return { system, at, certainty }
}

export function encodeStamps(stamps: Stamps, fields: Fields): string {
  const place = new Map(Object.keys(fields).map((field, index) => [field, index]))
  const groups = new Map<string, (number | string)[]>()
  for (const field of Object.keys(stamps)) {
    const stamp = stamps[field]
    if (stamp === undefined) continue
    const head = JSON.stringify(packStamp(stamp)).slice(0, -1)
    const named = place.get(field) ?? field
    const group = groups.get(head)
    if (group === undefined) groups.set(head, [named])
    else group.push(named)
  }
  const parts: string[] = []
  for (const [head, group] of groups) parts.push(`${head},${JSON.stringify(group).slice(1)}`)
  return `[${parts.join(",")}]`
}

export function decodeStamps(text: string, fields: Fields): Stamps {
  const names = Object.keys(fields)
  const entries: (readonly [string, Stamp])[] = []
  // The text was written by `encodeStamps`.
  for (const group of JSON.parse(text) as readonly Group[]) {
    const stamp = unpackStamp(group)
    for (const named of group.slice(3)) entries.push([typeof named === "number" ? (names[named] ?? "") : named, stamp])
  }
  return Object.fromEntries(entries)
}
