// Changes as statements, inside one transaction that the caller holds: in the order that the reference model keeps.
// In: changes. Guarantees: rows are replaced whole; a link or claim without its record, or two links on one item, throw.
import type { Changes, Claim, Quarantined, Review } from "@syncline/core/model"
import { list } from "./base.ts"
import type { Base } from "./base.ts"
import { claimHash } from "./claim-hash.ts"
import { encodeEntry } from "./journal-row.ts"
import { encodeLink } from "./link-row.ts"
import { encodeRecord } from "./record-row.ts"
import { toText, toTextOrNull } from "./text.ts"
import { pairWord } from "./words.ts"

export function openApply({ db, words, objects }: Base) {
  const putRecord = db.prepare<[ReturnType<typeof encodeRecord>]>(`
    INSERT INTO record (id, entity, shape, fields, stamps, deleted) VALUES (@id, @entity, @shape, @fields, @stamps, @deleted)
    ON CONFLICT (id) DO UPDATE SET entity = excluded.entity, shape = excluded.shape, fields = excluded.fields,
      stamps = excluded.stamps, deleted = excluded.deleted`)
  const putLink = db.prepare<[ReturnType<typeof encodeLink>]>(`
    INSERT INTO link (id, record, place, state, generation, attempts, owes, seen_at, due_at, reread_at, doubted_at, shape,
      remote_id, secondary_id, version, seen, owed, means, blocked)
    VALUES (@id, (SELECT no FROM record WHERE id = @recordId), @place, @state, @generation, @attempts, @owes, @seenAt, @dueAt, @rereadAt,
      @doubtedAt, @shape, @remoteId, @secondaryId, @version, @seen, @owed, @means, @blocked)
    ON CONFLICT (id) DO UPDATE SET record = excluded.record, place = excluded.place, state = excluded.state,
      generation = excluded.generation, attempts = excluded.attempts, owes = excluded.owes, seen_at = excluded.seen_at,
      due_at = excluded.due_at, reread_at = excluded.reread_at, doubted_at = excluded.doubted_at, shape = excluded.shape, remote_id = excluded.remote_id,
      secondary_id = excluded.secondary_id, version = excluded.version, seen = excluded.seen, owed = excluded.owed,
      means = excluded.means, blocked = excluded.blocked`)
  const letGo = db.prepare<[string]>("UPDATE link SET remote_id = NULL WHERE id IN (SELECT value FROM json_each(?))")
  const dropLinks = db.prepare<[string]>("DELETE FROM link WHERE id IN (SELECT value FROM json_each(?))")
  const unclaim = db.prepare<[number, string]>("DELETE FROM claim WHERE hash = ? AND record = (SELECT no FROM record WHERE id = ?)")
  const claim = db.prepare<[string, number, number, string]>(`
    INSERT INTO claim (record, hash, key, value) VALUES ((SELECT no FROM record WHERE id = ?), ?, ?, ?) ON CONFLICT DO NOTHING`)
  const putReview = db.prepare(`
    INSERT OR REPLACE INTO review (id, entity, kind, field, record, binding, remote_id, open, opened_at, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const putQuarantined = db.prepare(
    "INSERT OR REPLACE INTO quarantine (id, entity, binding, link, remote_id, since, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
  )
  const release = db.prepare<[string]>("DELETE FROM quarantine WHERE id IN (SELECT value FROM json_each(?))")
  const openIntent = db.prepare("INSERT OR REPLACE INTO intent (id, link, opened_at, body) VALUES (?, ?, ?, ?)")
  const closeIntents = db.prepare<[string]>("DELETE FROM intent WHERE id IN (SELECT value FROM json_each(?))")
  const putScan = db.prepare<[number, string]>("INSERT OR REPLACE INTO scan (place, body) VALUES (?, ?)")
  const sighted = db.prepare<[number, string]>("UPDATE link SET seen_at = ? WHERE id IN (SELECT value FROM json_each(?))")
  const decided = db.prepare<[string]>("DELETE FROM decision WHERE id IN (SELECT value FROM json_each(?))")
  const append = db.prepare<[ReturnType<typeof encodeEntry>]>(`
    INSERT INTO journal (at, kind, run, entity, binding, record, remote_id, changes, note)
    VALUES (@at, @kind, @run, @entity, @binding, @record, @remoteId, @changes, @note)`)

  const keyOf = (one: Claim): number => words.number(pairWord(one.entity, one.key))
  const saveReview = (review: Review): void => {
    const { id, entity, kind, field, recordId, binding, remoteId, status, openedAt } = review
    const open = status === "open" ? 1 : 0
    putReview.run(id, entity, kind, field, recordId, binding, toTextOrNull(remoteId), open, openedAt, JSON.stringify(review))
  }
  const saveQuarantined = (entry: Quarantined): void => {
    const { id, entity, binding, linkId, remoteId, since } = entry
    putQuarantined.run(id, entity, binding, linkId, toTextOrNull(remoteId), since, JSON.stringify(entry))
  }
  const ids = (statement: { run(ids: string): unknown }, some: readonly string[]): void => {
    if (some.length > 0) statement.run(list(some))
  }

  /** `freeRemoteIds`: links may take over each other's items, so all are let go before any is taken. */
  return (changes: Changes, freeRemoteIds: boolean): void => {
    for (const record of changes.records) putRecord.run(encodeRecord(record, words, objects))
    ids(dropLinks, changes.dropLinks)
    if (freeRemoteIds) letGo.run(list(changes.links.map((link) => link.id)))
    for (const link of changes.links) putLink.run(encodeLink(link, words, objects))
    for (const one of changes.unclaim) unclaim.run(claimHash(keyOf(one), toText(one.value)), one.recordId)
    for (const one of changes.claim) {
      const [key, value] = [keyOf(one), toText(one.value)]
      claim.run(one.recordId, claimHash(key, value), key, value)
    }
    changes.reviews.forEach(saveReview)
    ids(release, changes.release)
    changes.quarantine.forEach(saveQuarantined)
    ids(closeIntents, changes.closeIntents)
    changes.openIntents.forEach((one) => openIntent.run(one.id, one.linkId, one.openedAt, JSON.stringify(one)))
    changes.scans.forEach((scan) => putScan.run(words.number(pairWord(scan.entity, scan.binding)), JSON.stringify(scan)))
    if (changes.sighted !== null && changes.sighted.linkIds.length > 0) sighted.run(changes.sighted.at, list(changes.sighted.linkIds))
    ids(decided, changes.decided)
    changes.journal.forEach((entry) => append.run(encodeEntry(entry, words)))
  }
}
