// One page of a pull: a snapshot, or a delta with its tombstones before it (what was deleted and came back is told last).
// Enters a cursor, leaves changes and the next cursor; nothing is kept in between.
import type { CallOptions, Page, PullRequest } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import type { Json } from "../../json.ts"
import { enrich } from "../edge/enrich.ts"
import { resOf, send } from "../request/send.ts"
import type { CursorSpec, Opened, ResourcePlan, ScanSpec } from "../spec/index.ts"
import { expired, openCursor, restCursor, standingCursor, type Rest, type Standing } from "./cursor.ts"
import { advance, askOf, firstWindow, foundIn } from "./feed.ts"
import { instantOf, msOf } from "./instant.ts"
import { readPage, type ReadPage } from "./page.ts"
import { withParents } from "./parents.ts"
import { learnClock, systemNow } from "./system-clock.ts"

/** Where a system never tells its time, ours stands in for it, with room for a clock that is wrong. */
const UNKNOWN_CLOCK_MARGIN_MS = 15 * 60_000

export async function pull(opened: Opened, plan: ResourcePlan, request: PullRequest, options: CallOptions = {}): Promise<Page> {
  const opening = openCursor(request.cursor)
  if (opening.kind === "standing" && (opening.standing.scan === "snapshot") === (request.mode === "snapshot"))
    return readOn(opened, plan, opening.standing, request, options)
  if (request.mode === "snapshot") return readOn(opened, plan, await beginSnapshot(opened, plan, options), request, options)
  const rest: Rest = opening.kind === "rest" ? opening.rest : { delta: null, tombstones: null, at: opened.now() }
  return readOn(opened, plan, beginDelta(opened, plan, rest), request, options)
}

async function beginSnapshot(opened: Opened, plan: ResourcePlan, options: CallOptions): Promise<Standing> {
  const at = opened.now()
  const delta = await beginning(opened, plan.delta?.cursor ?? null, options)
  const tombstones = await beginning(opened, plan.tombstones?.cursor ?? null, options)
  const rest: Rest = { delta, tombstones, at }
  return { scan: "snapshot", place: {}, asOf: null, until: systemNow(opened), from: null, found: null, window: null, parents: null, rest }
}

/** What a feed says of its present end, before the snapshot is read. */
async function beginning(opened: Opened, cursor: CursorSpec | null, options: CallOptions): Promise<Json> {
  if (cursor === null || !("begin" in cursor) || cursor.begin === null) return null
  const answer = await send(opened, cursor.begin.request, {}, options)
  return cursor.begin.of.run({ res: resOf(answer), config: opened.config })
}

function beginDelta(opened: Opened, plan: ResourcePlan, rest: Rest): Standing {
  for (const feed of [plan.delta, plan.tombstones]) {
    const ttlMs = feed?.cursor == null || feed.cursor.kind === "etag" ? null : feed.cursor.ttlMs
    if (ttlMs !== null && opened.now() - rest.at > ttlMs) throw expired("it is older than what the system remembers")
  }
  return begin(opened, plan, plan.tombstones === null ? "delta" : "tombstones", { ...rest, at: opened.now() })
}

function begin(opened: Opened, plan: ResourcePlan, scan: "delta" | "tombstones", rest: Rest): Standing {
  const from = scan === "delta" ? rest.delta : rest.tombstones
  const window = firstWindow(scanOf(plan, scan).cursor, from, plan)
  return { scan, place: {}, asOf: null, until: systemNow(opened), from, found: null, window, parents: null, rest }
}

function scanOf(plan: ResourcePlan, scan: Standing["scan"]): ScanSpec {
  const found = { snapshot: plan.snapshot, delta: plan.delta, tombstones: plan.tombstones }[scan]
  if (found === null)
    throw new FaultError({ class: "invalid", message: `"${plan.name}" cannot be read as a ${scan}: the manifest says nothing of it.` })
  return found
}

async function readOn(opened: Opened, plan: ResourcePlan, begun: Standing, request: PullRequest, options: CallOptions): Promise<Page> {
  const standing =
    plan.parent === null ? begun : await withParents(opened, plan.parent.resource, begun, (of, ask) => pull(opened, of, ask, options))
  const scan = scanOf(plan, standing.scan)
  const ask = askOf(scan, standing, opened.config)
  const [parent] = standing.parents?.ids ?? []
  if (plan.parent !== null && parent === undefined) return conclude(opened, plan, standing, { changes: [] }, options)
  const names = parent === undefined ? ask.names : { ...ask.names, parent: { id: parent } }
  const page = await readPage(opened, plan, scan, { ...ask, names, next: scan.next, place: standing.place, limit: request.limit }, options)
  learnClock(opened, page.answer)
  const asOf = standing.asOf ?? page.asOf ?? null
  const now: Standing = { ...standing, asOf, found: learn(plan, scan, standing, page) }
  const limit = Math.min(request.limit, scan.maxLimit ?? request.limit)
  const following = advance(scan, now, page, plan, limit)
  const changes = standing.scan === "tombstones" ? deletesOnly(page) : await enrich(opened, plan, page.changes, options)
  const about = {
    changes,
    ...(asOf === null ? {} : { asOf }),
    ...(page.total === undefined || parent !== undefined ? {} : { total: page.total }),
  }
  if (following !== null) return { ...about, next: standingCursor({ ...now, ...following }), more: true, complete: false }
  // what moved up past the edge of a page was not read: the cursor stays where it was
  if (page.gap) return { ...about, next: restCursor(standing.rest), more: false, complete: false }
  const others = now.parents === null ? null : { ...now.parents, ids: now.parents.ids.slice(1) }
  if (others === null || (others.ids.length === 0 && !others.more)) return conclude(opened, plan, now, about, options)
  // Below the next parent everything begins anew, but what was found counts for all of them.
  const next: Standing = { ...now, place: {}, window: firstWindow(scan.cursor, now.from, plan), parents: others }
  return { ...about, next: standingCursor(next), more: true, complete: false }
}

/** The end of a feed: the next one begins, or the scan is done. */
async function conclude(
  opened: Opened,
  plan: ResourcePlan,
  standing: Standing,
  about: Pick<Page, "changes" | "asOf" | "total">,
  options: CallOptions,
): Promise<Page> {
  const rest = finish(opened, plan, standing)
  if (standing.scan === "tombstones" && plan.delta !== null)
    return { ...about, next: standingCursor(begin(opened, plan, "delta", rest)), more: true, complete: false }
  const total = standing.scan === "delta" ? await counted(opened, plan, options) : null
  return { ...about, ...(total === null ? {} : { total }), next: restCursor(rest), more: false, complete: true }
}

/** How many items the whole resource has, where the manifest says how to ask. */
async function counted(opened: Opened, plan: ResourcePlan, options: CallOptions): Promise<number | null> {
  const count = plan.delta?.count ?? null
  if (count === null) return null
  const answer = await send(opened, count.request, {}, options)
  const total = count.of.run({ res: resOf(answer), config: opened.config })
  return typeof total === "number" && Number.isSafeInteger(total) && total >= 0 ? total : null
}

/** A feed of deletes says of nobody that he is there. */
const deletesOnly = (page: ReadPage) => page.changes.filter((change) => change.kind !== "upsert")

function learn(plan: ResourcePlan, scan: ScanSpec, standing: Standing, page: ReadPage): Json {
  if (standing.scan !== "snapshot") return scan.cursor === null ? null : foundIn(scan.cursor, standing.found, page)
  // A snapshot may tell where the delta after it begins; what it says first is the oldest, so the safest.
  const cursor = plan.delta?.cursor ?? null
  const told = cursor?.kind === "token" || (cursor?.kind === "sequence" && cursor.from === "answer")
  return !told || standing.found !== null ? standing.found : cursor.of.run(page.scope)
}

/** Where the next scans begin. */
function finish(opened: Opened, plan: ResourcePlan, { scan, asOf, from, found, rest }: Standing): Rest {
  if (scan === "snapshot") {
    const began = asOf ?? new Date(rest.at - UNKNOWN_CLOCK_MARGIN_MS).toISOString()
    return {
      delta: afterSnapshot(plan.delta?.cursor ?? null, began, rest.delta ?? found),
      tombstones: afterSnapshot(plan.tombstones?.cursor ?? null, began, rest.tombstones),
      at: opened.now(),
    }
  }
  const next =
    scan === "delta" && plan.delta?.cursor?.kind === "timestamp"
      ? bounded(found, asOf)
      : scan === "tombstones" && plan.tombstones?.cursor?.kind === "timestamp"
        ? bounded(found, asOf)
        : found
  return scan === "delta" ? { ...rest, delta: next ?? from } : { ...rest, tombstones: next ?? from }
}

const afterSnapshot = (cursor: CursorSpec | null, began: string, found: Json): Json =>
  cursor?.kind === "timestamp" ? began : cursor === null ? null : found

/** Never later than the system's own clock: an item that is dated in the future must not hide what comes before it. */
function bounded(found: Json, asOf: string | null): Json {
  const [at, now] = [msOf(found), msOf(asOf)]
  return at === null ? null : (instantOf(now === null ? at : Math.min(at, now)) ?? null)
}
