// Reads contacts: all of them page by page, or what the change log says has happened since.
import {
  FaultError,
  isObject,
  type CallOptions,
  type Change,
  type HttpClient,
  type Json,
  type JsonObject,
  type Page,
  type PullRequest,
} from "@syncline/connector"
import { contactOf, listIn, malformed } from "./contact.ts"
import { clockOf, readCursor, type CrmCursor } from "./cursor.ts"
import { maxPage } from "./describe.ts"

const cursorJson = (cursor: CrmCursor): JsonObject => ({ ...cursor })

const limitOf = (request: PullRequest): number => Math.max(1, Math.min(Math.trunc(request.limit), maxPage))

/** Where the log ends now: read before the first page, so that what happens meanwhile is told by the first delta. */
const startOfSnapshot = async (http: HttpClient, options: CallOptions): Promise<{ since: number; asOf: string }> => {
  const { body, headers } = await http.request({ method: "GET", path: "/changes/head", ...options })
  const since = isObject(body) ? body["seq"] : undefined
  const asOf = clockOf(headers)
  if (typeof since !== "number" || asOf === undefined) throw malformed("the change log does not say where it ends")
  return { since, asOf }
}

export const pullSnapshot = async (http: HttpClient, request: PullRequest, options: CallOptions): Promise<Page> => {
  const cursor = readCursor(request.cursor)
  const going = cursor?.scan === "snapshot" ? cursor : null
  const { since, asOf } = going ?? (await startOfSnapshot(http, options))
  const { body } = await http.request({
    method: "GET",
    path: "/contacts",
    query: { limit: limitOf(request), page_token: going?.token },
    ...options,
  })
  const changes = listIn(body, "contacts").map((value) => {
    const contact = contactOf(value)
    if (!contact) throw malformed("a contact lacks its id, revision or time")
    return contact
  })
  const { next_page_token: token, total }: JsonObject = isObject(body) ? body : {}
  // without this member it is not known whether more follows, and "complete" must never be guessed
  if (token !== null && typeof token !== "string") throw malformed("a page does not say whether another follows")
  const next = token === null ? cursorJson({ scan: "delta", since }) : cursorJson({ scan: "snapshot", token, since, asOf })
  return { changes, next, more: token !== null, complete: token === null, asOf, ...(typeof total === "number" ? { total } : {}) }
}

interface LogEntry {
  readonly id: string
  readonly deleted: boolean
  readonly change: Change | null
}

const entryOf = (value: Json): LogEntry => {
  if (!isObject(value) || typeof value["id"] !== "string") throw malformed("a change names no contact")
  const { id, change_type: type, at, revision, contact } = value
  if (type === "deleted") {
    const facts = { ...(typeof at === "string" ? { at } : {}), ...(typeof revision === "number" ? { version: String(revision) } : {}) }
    return { id, deleted: true, change: { kind: "delete", id, soft: false, ...facts } }
  }
  // a contact that was deleted after this change comes without content; its tombstone follows in the log
  if (contact === null) return { id, deleted: false, change: null }
  const upsert = contactOf(contact)
  if (!upsert) throw malformed("a changed contact lacks its id, revision or time")
  return { id, deleted: false, change: upsert }
}

/** The last word on each contact, in the order in which those words were spoken. */
const coalesce = (entries: readonly LogEntry[]): Change[] => {
  const last = new Map<string, Change>()
  for (const { id, change } of entries) {
    if (!change) continue
    last.delete(id)
    last.set(id, change)
  }
  return [...last.values()]
}

export const pullDelta = async (http: HttpClient, request: PullRequest, options: CallOptions): Promise<Page> => {
  const cursor = readCursor(request.cursor) ?? { scan: "delta", since: 0 }
  if (cursor.scan !== "delta")
    throw new FaultError({ class: "cursorExpired", message: "The snapshot that this cursor belongs to was not finished" })
  const { since, etag } = cursor
  const { status, body, headers } = await http.request({
    method: "GET",
    path: "/changes",
    query: { since, limit: limitOf(request) },
    ...(etag === undefined ? {} : { headers: { "if-none-match": etag } }),
    accept: [304, 410],
    ...options,
  })
  if (status === 410)
    throw new FaultError({ class: "cursorExpired", message: "The change log no longer reaches back to the cursor", status })
  const asOf = cursor.asOf ?? clockOf(headers)
  const time = asOf === undefined ? {} : { asOf }
  if (status === 304) return { changes: [], next: cursorJson(cursor), more: false, complete: true, ...time }
  const { next_since: next, has_more: more }: JsonObject = isObject(body) ? body : {}
  const entries = listIn(body, "changes").map(entryOf)
  if (typeof next !== "number" || next < since || typeof more !== "boolean") throw malformed("a page of changes does not say where it ends")
  // only the page of a quiet log is worth a tag: the next pull asks for that very page again
  const quiet = next === since && !more && typeof headers["etag"] === "string" ? { etag: headers["etag"] } : {}
  const nextCursor: CrmCursor = { scan: "delta", since: next, ...(more ? time : quiet) }
  return { changes: coalesce(entries), next: cursorJson(nextCursor), more, complete: !more, ...time }
}
