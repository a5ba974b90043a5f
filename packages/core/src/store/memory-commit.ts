// Applies Changes to the reference model: all of it, or, where an invariant is broken, nothing.
// In: tables and changes. The order of the steps is part of the port's meaning and the same in every engine.
import type { Changes } from "../model/changes.ts"
import type { Claim } from "../model/record.ts"
import type { Tables } from "./memory-tables.ts"

const claimKey = (claim: Claim): string => JSON.stringify([claim.entity, claim.key, claim.value, claim.recordId])

export function applyChanges(tables: Tables, changes: Changes): void {
  checkOwners(tables, changes)
  checkRemoteIds(tables, changes)
  for (const record of changes.records) tables.records.set(record.id, record)
  for (const id of changes.dropLinks) tables.links.delete(id)
  for (const link of changes.links) tables.links.set(link.id, link)
  for (const claim of changes.unclaim) tables.claims.delete(claimKey(claim))
  for (const claim of changes.claim) tables.claims.set(claimKey(claim), claim)
  for (const review of changes.reviews) tables.reviews.set(review.id, review)
  for (const id of changes.release) tables.quarantine.delete(id)
  for (const entry of changes.quarantine) tables.quarantine.set(entry.id, entry)
  for (const id of changes.closeIntents) tables.intents.delete(id)
  for (const intent of changes.openIntents) tables.intents.set(intent.id, intent)
  for (const scan of changes.scans) tables.scans.set(JSON.stringify([scan.entity, scan.binding]), scan)
  for (const id of changes.sighted?.linkIds ?? []) {
    const link = tables.links.get(id)
    if (link !== undefined) tables.links.set(id, { ...link, seenAt: changes.sighted?.at ?? link.seenAt })
  }
  for (const id of changes.decided) tables.decisions.delete(id)
  for (const entry of changes.journal) tables.journal.push({ ...entry, seq: tables.journal.length + 1 })
}

/** Links and claims belong to records that are stored, or are stored by the same changes. */
function checkOwners(tables: Tables, changes: Changes): void {
  const arriving = new Set(changes.records.map((record) => record.id))
  for (const { recordId } of [...changes.links, ...changes.claim]) {
    if (!arriving.has(recordId) && !tables.records.has(recordId)) throw new Error(`no record ${recordId} for a link or claim`)
  }
}

/** One item, one link: in an entity's binding no two links may end up with one remote id. */
function checkRemoteIds(tables: Tables, changes: Changes): void {
  if (changes.links.length === 0) return
  const after = new Map(tables.links)
  for (const id of changes.dropLinks) after.delete(id)
  for (const link of changes.links) after.set(link.id, link)
  const holders = new Map<string, string>()
  for (const link of after.values()) {
    if (link.remoteId === null) continue
    const item = JSON.stringify([link.entity, link.binding, link.remoteId])
    const other = holders.get(item)
    if (other !== undefined) throw new Error(`links ${other} and ${link.id} both hold ${link.remoteId} in ${link.binding}`)
    holders.set(item, link.id)
  }
}
