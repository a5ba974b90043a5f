// One page of a scan. A snapshot is read in the order of joining, which no edit disturbs; a delta in the order of change.
// Says `complete` only if every page began where the one before it ended.
import type { CallOptions, Page, PullRequest } from "@syncline/connector"
import { deltaFrom, readCursor, writeCursor, type Scan } from "./cursor.ts"
import { maxPage, overlapMs } from "./description.ts"
import { listPath, readPage, toChange, type MemberApi, type MemberPage, type RemoteMember } from "./remote-member.ts"

/** Beyond it the list is being taken apart faster than it can be read. */
const maxRestarts = 5

const keyOf = (member: RemoteMember): string => member.contactId ?? member.id

const earlier = (iso: string, ms: number): string => new Date(Math.max(0, Date.parse(iso) - ms)).toISOString()

const read = async (api: MemberApi, scan: Scan, limit: number, signal: AbortSignal | undefined): Promise<MemberPage> => {
  const lead = scan.anchor === null ? 0 : 1
  const response = await api.http.request({
    method: "GET",
    path: `${listPath(api)}/members`,
    query: {
      count: Math.min(Math.max(limit, 1) + lead, maxPage),
      offset: scan.offset - lead,
      sort: scan.kind === "snapshot" ? "created" : "last_changed",
      since_last_changed: scan.kind === "delta" ? scan.since : undefined,
    },
    ...(signal === undefined ? {} : { signal }),
  })
  return readPage(api, response)
}

/** How many members the list has in all, archived ones included: fewer than before means that some were erased. */
const countAll = async (api: MemberApi, signal: AbortSignal | undefined): Promise<number> => {
  const response = await api.http.request({
    method: "GET",
    path: `${listPath(api)}/members`,
    query: { count: 1, offset: 0 },
    ...(signal === undefined ? {} : { signal }),
  })
  return readPage(api, response).total
}

/** Something before this page disappeared, or the list has become shorter than it was. */
const hasShifted = (scan: Scan, page: MemberPage): boolean => {
  if (scan.anchor === null) return false
  const first = page.members[0]
  return first === undefined || keyOf(first) !== scan.anchor.key || (scan.kind === "snapshot" && page.total < scan.total)
}

/** A snapshot starts over; a delta goes on from the anchor's second, for all that it missed changed then or later. */
const goBack = (scan: Scan, asOf: string): Page => {
  const since = scan.kind === "delta" && scan.anchor !== null ? scan.anchor.at : scan.since
  const more = scan.restarts < maxRestarts
  const again: Scan = { ...scan, since, offset: 0, anchor: null, total: 0, restarts: scan.restarts + 1 }
  return {
    changes: [],
    next: more ? writeCursor(again) : scan.kind === "delta" ? deltaFrom(since) : null,
    more,
    complete: false,
    asOf,
  }
}

export const pull = async (api: MemberApi, request: PullRequest, options: CallOptions = {}): Promise<Page> => {
  const scan = readCursor(request.mode, request.cursor)
  const page = await read(api, scan, request.limit, options.signal)
  const asOf = scan.asOf ?? page.asOf
  if (hasShifted(scan, page)) return goBack(scan, asOf)

  const fresh = scan.anchor === null ? page.members : page.members.slice(1)
  const offset = scan.offset + fresh.length
  const last = fresh.at(-1)
  // A delta that has come past the time it began has all it was asked for; what changes from then on is for the next.
  const pastStart = scan.kind === "delta" && last !== undefined && Date.parse(last.lastChanged) > Date.parse(asOf)
  const reachedEnd = offset >= page.total
  const told = { changes: fresh.map(toChange), asOf, ...(scan.kind === "snapshot" ? { total: page.total } : {}) }
  if (reachedEnd || pastStart) {
    const total = scan.kind === "snapshot" ? page.total : await countAll(api, options.signal)
    return { ...told, total, next: deltaFrom(earlier(asOf, overlapMs)), more: false, complete: true }
  }
  // Fewer members than the platform says there are.
  if (last === undefined) return { ...told, next: scan.kind === "delta" ? deltaFrom(scan.since) : null, more: false, complete: false }
  const next: Scan = { ...scan, offset, anchor: { key: keyOf(last), at: last.lastChanged }, asOf, total: page.total }
  return { ...told, next: writeCursor(next), more: true, complete: false }
}
