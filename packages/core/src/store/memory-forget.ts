// Erasing a person from the reference model: the same rules as on a disk, without the disk.
import { createHmac } from "node:crypto"
import type { Json } from "../model/value.ts"
import { fold, holdsText } from "./claim-text.ts"
import { type Blocked, blockedKeys, blotted, type Erased, type Erasure, hashed, leftOf, mentions, mergedAway, personIn } from "./erasure.ts"
import type { Tables } from "./memory-tables.ts"

/** A model in memory has nothing to hide from: its key is no secret. */
const KEY = "reference model"

export const forgottenId = (entity: string, key: string, value: string): string =>
  `fgt_${createHmac("sha256", KEY)
    .update(hashed(entity, key, value))
    .digest("hex")
    .slice(0, 32)}`

export function forget(tables: Tables, erasure: Erasure): Erased {
  const { recordIds, alike, names, at } = erasure
  const folded = alike.map(fold)
  const earlier = [...tables.records.values()].filter((row) => row.deleted !== null && folded.some((text) => holdsText(row.fields, text)))
  const lives = [...recordIds, ...earlier.map((row) => row.id)]
  const ids = new Set([...lives, ...mergedAway([...tables.records.values()], lives)])
  const links = new Set([...tables.links.values()].filter((link) => ids.has(link.recordId)).map((link) => link.id))
  const theirs = [...tables.links.values()].filter((link) => links.has(link.id))
  const items = theirs.flatMap(({ binding, remoteId, secondaryId }) =>
    [remoteId, secondaryId].flatMap((id) => (id === null ? [] : [{ binding, id }])),
  )
  const person = new Set([...names, ...ids, ...links, ...items.map(({ id }) => id)])
  const here = personIn(person, items, alike)
  // Rows are plain data.
  const named = (value: unknown, texts: ReadonlySet<string> = person): boolean => mentions(value as Json, texts)
  const records = drop(tables.records, (row) => ids.has(row.id))
  drop(tables.claims, (row) => ids.has(row.recordId))
  drop(tables.links, (row) => links.has(row.id))
  const intents = drop(tables.intents, (row) => ids.has(row.recordId))
  const reviews = drop(
    tables.reviews,
    (row) =>
      (row.recordId !== null && ids.has(row.recordId)) ||
      row.candidates.some((id) => ids.has(id)) ||
      (row.item !== null && (named(row.item, here(row.binding)) || (row.remoteId !== null && here(row.binding).has(row.remoteId)))),
  )
  const quarantine = drop(
    tables.quarantine,
    (row) =>
      (row.recordId !== null && ids.has(row.recordId)) ||
      (row.linkId === null && (named(row.item, here(row.binding)) || named(row.remoteId, here(row.binding)))),
  )
  const decisions = drop(
    tables.decisions,
    (row) => (row.kind === "resolve" ? !tables.reviews.has(row.reviewId) : !tables.quarantine.has(row.quarantineId)) || named(row),
  )
  let journal = 0
  for (const [n, row] of tables.journal.entries()) {
    const left = leftOf(row, ids, here(row.binding))
    if (left === null) continue
    tables.journal[n] = { ...row, ...left }
    journal++
  }
  let blots = 0
  for (const [id, row] of tables.runs) {
    if (row.report === null || !named(row.report)) continue
    // Blotting out texts leaves the shape as it is.
    tables.runs.set(id, { ...row, report: blotted(row.report as unknown as Json, person) as unknown as typeof row.report })
    blots++
  }
  for (const [id, state] of tables.systems) {
    if (!named(state)) continue
    tables.systems.set(id, blotted(state, person))
    blots++
  }
  for (const [id, scan] of tables.scans) {
    if (!named(scan.cursor) && !named(scan.scan)) continue
    tables.scans.set(id, { ...scan, cursor: null, scan: null })
    blots++
  }
  const isAnothers = (binding: string, secondaryId: string | null): boolean =>
    [...tables.links.values()].some((link) => link.binding === binding && link.secondaryId === secondaryId && link.state !== "gone")
  const keys = blockedKeys(
    erasure,
    theirs.map((link) => (isAnothers(link.binding, link.secondaryId) ? { ...link, secondaryId: null } : link)),
  )
  const blocked = keys.map(({ entity, key, value }): Blocked => ({ id: forgottenId(entity, key, value), entity, key }))
  for (const each of blocked) tables.forgotten.set(each.id, { ...each, at, person: blocked[0]?.id ?? each.id })
  return { blocked, records, links: links.size, intents, reviews, quarantine, decisions, journal, blotted: blots }
}

/** Lifts what was kept of one person, named by any of it. */
export function allowAgain({ forgotten }: Tables, id: string): boolean {
  const named = forgotten.get(id)
  if (named === undefined) return false
  for (const [other, { person }] of forgotten) if (other === id || person === named.person) forgotten.delete(other)
  return true
}

function drop<A>(rows: Map<string, A>, test: (row: A) => boolean): number {
  const gone = [...rows].filter(([, row]) => test(row))
  for (const [id] of gone) rows.delete(id)
  return gone.length
}
