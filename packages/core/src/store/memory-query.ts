// The reference model's answers: each query of the port as a filter over the Maps.
// Pure reads; ties in an order are broken by id, so that every engine pages in the same way.
import type { Intent } from "../model/intent.ts"
import type { JournalRow } from "../model/journal.ts"
import type { Link, LinkState } from "../model/link.ts"
import type { Quarantined } from "../model/quarantine.ts"
import type { RecordRow } from "../model/record.ts"
import type { Review } from "../model/review.ts"
import { claimHolds, fold, holdsText } from "./claim-text.ts"
import type { Decision } from "./decision.ts"
import { askedForgotten } from "./erasure.ts"
import { forgottenId } from "./memory-forget.ts"
import type { Tables } from "./memory-tables.ts"
import type { BindingStatus, DueCounts, JournalFilter, Loaded, PageQuery, QuarantineFilter, ReviewFilter } from "./port.ts"
import type { RunRow } from "./run-row.ts"

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const owesSomething = (link: Link): boolean => link.owes !== null || Object.keys(link.owed).length > 0
const matching = <A>(values: Iterable<A>, test: (value: A) => boolean): A[] => [...values].filter(test)

export function loadPage(tables: Tables, query: PageQuery): Loaded {
  const remoteIds = new Set(query.remoteIds)
  const secondaryIds = new Set(query.secondaryIds)
  const keys = new Set(query.keys.map(({ key, value }) => JSON.stringify([key, value])))
  const here = (row: { readonly entity: string; readonly binding: string | null }): boolean =>
    row.entity === query.entity && row.binding === query.binding
  const ids = new Set<string>()
  for (const link of tables.links.values()) {
    const touched =
      (link.remoteId !== null && remoteIds.has(link.remoteId)) || (link.secondaryId !== null && secondaryIds.has(link.secondaryId))
    if (here(link) && touched) ids.add(link.recordId)
  }
  for (const claim of tables.claims.values()) {
    if (claim.entity === query.entity && keys.has(JSON.stringify([claim.key, claim.value]))) ids.add(claim.recordId)
  }
  const loaded = load(tables, ids, (row) => here(row) && row.remoteId !== null && remoteIds.has(row.remoteId))
  if (tables.forgotten.size === 0) return loaded
  const forgotten = askedForgotten(query).flatMap(({ key, value }) => {
    const found = tables.forgotten.get(forgottenId(query.entity, key, value))
    return found === undefined ? [] : [{ id: found.id, key, value }]
  })
  return forgotten.length === 0 ? loaded : { ...loaded, forgotten }
}

export const loadRecords = (tables: Tables, ids: readonly string[]): Loaded => load(tables, new Set(ids), () => false)

function load(tables: Tables, wanted: ReadonlySet<string>, asked: (row: Review | Quarantined) => boolean): Loaded {
  const found = matching(tables.records.values(), (record) => wanted.has(record.id))
  const ids = new Set(found.map((record) => record.id))
  const links = matching(tables.links.values(), (link) => ids.has(link.recordId))
  const linkIds = new Set(links.map((link) => link.id))
  return {
    records: found,
    links,
    claims: matching(tables.claims.values(), (claim) => ids.has(claim.recordId)),
    intents: matching(tables.intents.values(), (intent) => linkIds.has(intent.linkId)),
    reviews: matching(
      tables.reviews.values(),
      (review) => review.status === "open" && ((review.recordId !== null && ids.has(review.recordId)) || asked(review)),
    ),
    quarantine: matching(tables.quarantine.values(), (entry) => (entry.linkId !== null && linkIds.has(entry.linkId)) || asked(entry)),
  }
}

export function due(tables: Tables, binding: string, entity: string, now: number, limit: number) {
  const busy = new Set([...tables.intents.values()].map((intent) => intent.linkId))
  const links = matching(
    tables.links.values(),
    (link) => link.binding === binding && link.entity === entity && link.dueAt !== null && link.dueAt <= now && !busy.has(link.id),
  )
    .sort((a, b) => Number(a.owes === "delete") - Number(b.owes === "delete") || (a.dueAt ?? 0) - (b.dueAt ?? 0) || byText(a.id, b.id))
    .slice(0, limit)
  return {
    due: links,
    loaded: loadRecords(
      tables,
      links.map((link) => link.recordId),
    ),
  }
}

export function dueCounts(tables: Tables, now: number): readonly DueCounts[] {
  return places([...tables.links.values()]).map(({ entity, binding }) => {
    const links = matching(tables.links.values(), (link) => link.entity === entity && link.binding === binding)
    const due = links.filter((link) => link.dueAt !== null && link.dueAt <= now && owesSomething(link))
    return {
      entity,
      binding,
      create: due.filter((link) => link.owes !== "delete" && link.remoteId === null).length,
      update: due.filter((link) => link.owes !== "delete" && link.remoteId !== null).length,
      delete: due.filter((link) => link.owes === "delete").length,
      linked: links.filter((link) => link.state === "live" && link.remoteId !== null).length,
    }
  })
}

export const openIntents = (tables: Tables, limit: number): readonly Intent[] =>
  [...tables.intents.values()].sort((a, b) => a.openedAt - b.openedAt || byText(a.id, b.id)).slice(0, limit)

export const toReread = (tables: Tables, binding: string, entity: string, now: number, limit: number): readonly Link[] =>
  matching(
    tables.links.values(),
    (link) =>
      link.binding === binding && link.entity === entity && link.remoteId !== null && link.rereadAt !== null && link.rereadAt <= now,
  )
    .sort((a, b) => (a.rereadAt ?? 0) - (b.rereadAt ?? 0) || byText(a.id, b.id))
    .slice(0, limit)

export const unsighted = (
  tables: Tables,
  binding: string,
  entity: string,
  before: number,
  afterId: string,
  limit: number,
): readonly Link[] =>
  matching(
    tables.links.values(),
    (link) =>
      link.binding === binding &&
      link.entity === entity &&
      link.remoteId !== null &&
      link.state !== "gone" &&
      link.seenAt !== null &&
      link.seenAt < before &&
      link.id > afterId,
  )
    .sort((a, b) => byText(a.id, b.id))
    .slice(0, limit)

export const records = (tables: Tables, entity: string, afterId: string, limit: number): readonly RecordRow[] =>
  matching(tables.records.values(), (record) => record.entity === entity && record.deleted === null && record.id > afterId)
    .sort((a, b) => byText(a.id, b.id))
    .slice(0, limit)

export const decisions = (tables: Tables): readonly Decision[] =>
  [...tables.decisions.values()].sort((a, b) => a.at - b.at || byText(a.id, b.id))

export const runs = (tables: Tables, limit: number): readonly RunRow[] =>
  [...tables.runs.values()].sort((a, b) => b.startedAt - a.startedAt || byText(b.id, a.id)).slice(0, limit)

export function status(tables: Tables): readonly BindingStatus[] {
  const open = matching(tables.reviews.values(), (review) => review.status === "open")
  const everything = [...tables.links.values(), ...tables.scans.values(), ...tables.quarantine.values(), ...open]
  return places(everything).map(({ entity, binding }) => {
    const here = (row: { readonly entity: string; readonly binding: string | null }): boolean =>
      row.entity === entity && row.binding === binding
    const links = matching(tables.links.values(), here)
    const inState = (state: LinkState): number => links.filter((link) => link.state === state).length
    const owing = links.filter(owesSomething)
    const waiting = owing.filter((link) => link.attempts > 0 && link.dueAt !== null)
    return {
      entity,
      binding,
      links: { live: inState("live"), parked: inState("parked"), kept: inState("kept"), gone: inState("gone") },
      owed: owing.length,
      waiting: waiting.length,
      quarantined: matching(tables.quarantine.values(), here).length,
      reviews: open.filter(here).length,
      nextDueAt: waiting.reduce<number | null>((first, link) => Math.min(first ?? Infinity, link.dueAt ?? Infinity), null),
    }
  })
}

function places(rows: readonly { readonly entity: string; readonly binding: string | null }[]) {
  const found = new Map<string, { readonly entity: string; readonly binding: string }>()
  for (const { entity, binding } of rows) if (binding !== null) found.set(JSON.stringify([entity, binding]), { entity, binding })
  return [...found.values()].sort((a, b) => byText(a.entity, b.entity) || byText(a.binding, b.binding))
}

export const reviews = (tables: Tables, filter: ReviewFilter): readonly Review[] =>
  matching(
    tables.reviews.values(),
    (review) =>
      (filter.status === undefined || (review.status === "open") === (filter.status === "open")) &&
      (filter.kind === undefined || review.kind === filter.kind) &&
      (filter.field === undefined || review.field === filter.field) &&
      (filter.entity === undefined || review.entity === filter.entity),
  )
    .sort((a, b) => a.openedAt - b.openedAt || byText(a.id, b.id))
    .slice(0, filter.limit)

export function review(tables: Tables, id: string): Review | null {
  const exact = tables.reviews.get(id)
  if (exact !== undefined) return exact
  const found = id === "" ? [] : matching(tables.reviews.values(), (one) => one.id.startsWith(id))
  return found.length === 1 ? (found[0] ?? null) : null
}

export const quarantined = (tables: Tables, filter: QuarantineFilter): readonly Quarantined[] =>
  matching(
    tables.quarantine.values(),
    (entry) =>
      (filter.entity === undefined || entry.entity === filter.entity) && (filter.binding === undefined || entry.binding === filter.binding),
  )
    .sort((a, b) => a.since - b.since || byText(a.id, b.id))
    .slice(0, filter.limit)

export function journal(tables: Tables, filter: JournalFilter): readonly JournalRow[] {
  const rows = tables.journal.filter(
    (row) =>
      row.seq > (filter.afterSeq ?? 0) &&
      (filter.recordId === undefined || row.recordId === filter.recordId) &&
      (filter.run === undefined || row.run === filter.run) &&
      (filter.binding === undefined || row.binding === filter.binding),
  )
  return (filter.newestFirst === true ? rows.reverse() : rows).slice(0, filter.limit)
}

export function find(tables: Tables, text: string, limit: number): readonly string[] {
  const wanted = fold(text)
  const is = (value: string | null): boolean => value !== null && fold(value) === wanted
  const ids = new Set<string>()
  for (const id of tables.records.keys()) if (is(id)) ids.add(id)
  for (const link of tables.links.values()) if (is(link.remoteId) || is(link.secondaryId)) ids.add(link.recordId)
  for (const claim of tables.claims.values()) if (claimHolds(claim.value, wanted)) ids.add(claim.recordId)
  if (ids.size === 0) {
    for (const record of tables.records.values()) if (record.deleted !== null && holdsText(record.fields, wanted)) ids.add(record.id)
  }
  return [...ids].sort(byText).slice(0, limit)
}
