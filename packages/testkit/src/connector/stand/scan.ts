// Reading a resource page by page, with bounds, as the engine does: the cursor goes through JSON between pages.
import type { Change, Connector, Cursor, Page, PullRequest } from "@syncline/connector"
import { must, show, Skip } from "../check.ts"
import { make } from "./items.ts"
import { lag } from "./lag.ts"
import type { Stand } from "./stand.ts"

export interface Scanned {
  readonly changes: readonly Change[]
  readonly pages: readonly Page[]
  readonly last: Page
}

export interface ScanOptions {
  readonly limit?: number
  /** Called after each page but the last; may hand over another connector to go on with. */
  readonly between?: (page: Page, index: number) => Promise<Connector | void>
}

/** No system that a kit is let loose on has more. */
const MOST_PAGES = 3000

export async function scan(
  stand: Stand,
  connector: Connector,
  mode: PullRequest["mode"],
  cursor: Cursor,
  { limit = stand.spec.read.pageSize, between }: ScanOptions = {},
): Promise<Scanned> {
  const pages: Page[] = []
  const changes: Change[] = []
  const asked = new Set<string>()
  let reader = connector
  let next = cursor
  for (;;) {
    const page = await reader.pull(stand.resource, { mode, cursor: next, limit })
    judgePage(page)
    pages.push(page)
    changes.push(...page.changes)
    if (!page.more) return { changes, pages, last: page }
    must(pages.length < MOST_PAGES, `a scan has not ended after ${MOST_PAGES} pages`)
    next = throughJson(page.next)
    const name = JSON.stringify(next)
    must(!asked.has(name), () => `a scan goes round in circles: two of its pages name the same next one, ${show(next)}`)
    asked.add(name)
    reader = (await between?.(page, pages.length - 1)) ?? reader
  }
}

/** As a store would bring it back. */
export const throughJson = (cursor: Cursor): Cursor => {
  const text = JSON.stringify(cursor)
  return text === undefined ? null : JSON.parse(text)
}

const KINDS = new Set(["upsert", "delete", "rekey", "merge"])

/** The shape of a page, as far as everything else relies on it. */
const judgePage = (page: Page): void => {
  must(typeof page === "object" && page !== null && Array.isArray(page.changes), () => `a page has no list of changes: ${show(page)}`)
  must(typeof page.more === "boolean", () => `a page does not say whether more follows: more is ${show(page.more)}`)
  must(typeof page.complete === "boolean", () => `a page does not say whether the scan is complete: complete is ${show(page.complete)}`)
  for (const change of page.changes) {
    must(KINDS.has(change.kind), () => `a change is of no known kind: ${show(change)}`)
    must(typeof change.id === "string" && change.id !== "", () => `the id of a change is ${show(change.id)}, not a text`)
    if (change.kind === "upsert")
      must(
        typeof change.item === "object" && change.item !== null && !Array.isArray(change.item),
        () => `the item of ${change.id} is no object: ${show(change.item)}`,
      )
  }
}

/** The last word of a scan on an item. */
export const lastOf = (changes: readonly Change[], id: string): Change | undefined => changes.findLast((change) => change.id === id)

export const upsertOf = (changes: readonly Change[], id: string): Extract<Change, { kind: "upsert" }> | undefined => {
  const last = lastOf(changes, id)
  return last?.kind === "upsert" ? last : undefined
}

/** A delta cursor for "from here on", read by the witness. */
export async function cursorOfNow(stand: Stand): Promise<Cursor> {
  await lag(stand, "delta")
  const { session, resource, spec, witness } = stand
  const known = session.cursors.get(resource)
  const { last } =
    known !== undefined
      ? await scan(stand, witness, "delta", known)
      : await scan(stand, witness, spec.read.snapshot ? "snapshot" : "delta", null)
  must(last.complete, "a scan of a quiet system does not end complete")
  const cursor = throughJson(last.next)
  session.cursors.set(resource, cursor)
  return cursor
}

/** Pages as small as they come, and enough items for several of them. */
export async function severalPages(stand: Stand, least = 3): Promise<{ readonly limit: number }> {
  const { session, resource, spec, witness } = stand
  let floor = session.pageFloors.get(resource)
  const mode = spec.read.snapshot ? "snapshot" : "delta"
  if (floor === undefined) {
    const first = await witness.pull(resource, { mode, cursor: null, limit: 1 })
    judgePage(first)
    floor = Math.max(1, first.changes.length)
    if (!first.more && floor <= 2) {
      await make(stand, 4)
      await lag(stand, "delta")
      floor = Math.max(1, (await witness.pull(resource, { mode, cursor: null, limit: 1 })).changes.length)
    }
    session.pageFloors.set(resource, floor)
  }
  if (floor > MOST_MADE) throw new Skip(`its pages hold ${floor} items however few are asked for: several of them would take too long`)
  const there = (await scan(stand, witness, mode, null)).changes.length
  const wanted = floor * least + 1
  if (there < wanted) {
    await make(stand, wanted - there)
    await lag(stand, "delta")
  }
  // A system that is full already is read in some dozens of pages, not thousands.
  return { limit: Math.max(1, Math.ceil(Math.max(there, wanted) / MOST_SMALL_PAGES)) }
}

const MOST_MADE = 120
const MOST_SMALL_PAGES = 40
