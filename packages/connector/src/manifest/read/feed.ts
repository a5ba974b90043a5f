// The feeds of a resource by the kind of their cursor: what a request is told of it, and what a page teaches. Pure.
import { FaultError } from "../../fault.ts"
import type { Json, JsonObject } from "../../json.ts"
import type { CursorSpec, RequestSpec, ResourcePlan, ScanSpec, Scope } from "../spec/index.ts"
import type { PagePlace } from "../paginate/paging.ts"
import type { Standing } from "./cursor.ts"
import { instantOf, msOf, written } from "./instant.ts"
import { listEnd, later } from "./order.ts"
import type { ReadPage } from "./page.ts"

type Timed = Extract<CursorSpec, { kind: "timestamp" }>

/** Where a feed begins: `from` is what an earlier scan left. */
export function firstWindow(cursor: CursorSpec | null, from: Json, plan: ResourcePlan): Standing["window"] {
  if (cursor?.kind !== "timestamp") return null
  const start = msOf(cursor.start) ?? 0
  const base = msOf(from)
  // Times of the same tick may come later than what was read of it.
  const low = base === null ? start : Math.max(start, base - cursor.overlapMs - (plan.version.resolutionMs ?? 0))
  return { low, rows: 0, tie: null }
}

export interface FeedAsk {
  readonly request: RequestSpec
  readonly names: Scope
  readonly headers?: Readonly<Record<string, string>>
  readonly accept?: readonly number[]
}

export function askOf(scan: ScanSpec, standing: Standing, config: JsonObject): FeedAsk {
  const { cursor } = scan
  const { from, window, until } = standing
  if (cursor === null) return { request: scan.request, names: {} }
  if (cursor.kind === "timestamp") {
    const names = { cursor: written(window?.low ?? 0, cursor.form), until: written(until, cursor.form) }
    const tie = window?.tie ?? null
    return tie === null || cursor.ties === null
      ? { request: scan.request, names }
      : { request: cursor.ties.request, names: { ...names, after: tie.after } }
  }
  const names = { until: new Date(until).toISOString() }
  if (cursor.kind === "token") return { request: scan.request, names: { ...names, cursor: from ?? cursor.start?.run({ config }) ?? null } }
  if (cursor.kind === "sequence") return { request: scan.request, names: { ...names, cursor: from ?? cursor.start } }
  const known = typeof from === "string" ? { headers: { "if-none-match": from } } : {}
  return { request: scan.request, names, accept: [304], ...known }
}

/** What was found, this page included. */
export function foundIn(cursor: CursorSpec, found: Json, page: ReadPage): Json {
  switch (cursor.kind) {
    case "timestamp": {
      const covered = cursor.covered === null ? undefined : instantOf(cursor.covered.run(page.scope))
      if (covered !== undefined) return covered
      let latest = msOf(found)
      for (const at of timesIn(cursor, page)) if (at !== null && (latest === null || at > latest)) latest = at
      return latest === null ? null : new Date(latest).toISOString()
    }
    case "token": {
      const token = cursor.of.run(page.scope)
      return token === null || token === "" ? found : token
    }
    case "sequence": {
      if (cursor.from === "answer") return later(found, cursor.of.run(page.scope))
      const scope: Record<string, Json | undefined> = { ...page.scope }
      let latest = found
      for (const rec of page.records) {
        scope["rec"] = rec
        latest = later(latest, cursor.of.run(scope))
      }
      return latest
    }
    case "etag":
      return found ?? page.answer.headers["etag"] ?? null
  }
}

function timesIn(cursor: Timed, page: ReadPage): readonly (number | null)[] {
  const scope: Record<string, Json | undefined> = { ...page.scope }
  return page.records.map((rec) => {
    scope["rec"] = rec
    return msOf(cursor.of.run(scope))
  })
}

/** Where the feed goes on within this scan, or null at its end. */
export function advance(
  scan: ScanSpec,
  standing: Standing,
  page: ReadPage,
  plan: ResourcePlan,
  limit: number,
): { readonly place: PagePlace; readonly window: Standing["window"] } | null {
  const { cursor } = scan
  const { window } = standing
  const plain = page.next === null ? null : { place: page.next, window }
  if (cursor?.kind !== "timestamp" || window === null || cursor.maxWindow === null) return plain
  if (window.tie !== null && cursor.ties !== null) {
    const last = page.records.at(-1)
    if (last === undefined) return { place: {}, window: { low: window.low + tickOf(cursor, plan), rows: 0, tie: null } }
    const after = cursor.ties.of.run({ ...page.scope, rec: last })
    if (JSON.stringify(after) === JSON.stringify(window.tie.after)) throw stuck(plan, window.low)
    return { place: {}, window: { ...window, tie: { after } } }
  }
  const rows = window.rows + page.records.length
  const full = rows >= cursor.maxWindow || (page.next !== null && rows + limit > cursor.maxWindow)
  if (cursor.maxWindow !== null) checkOrder(timesIn(cursor, page), plan)
  if (!full) return plain === null ? null : { place: plain.place, window: { ...window, rows } }
  const edge = listEnd(timesIn(cursor, page))
  if (edge === null) return plain
  if (edge > window.low) return { place: {}, window: { low: edge, rows: 0, tie: null } }
  if (cursor.ties === null) throw stuck(plan, window.low)
  return { place: {}, window: { ...window, rows: 0, tie: { after: null } } }
}

/** The smallest step of a time as requests write it. */
const tickOf = (cursor: Timed, plan: ResourcePlan): number => {
  const written = { iso: 1, isoSeconds: 1_000, date: 86_400_000, epoch: 1_000, epochMs: 1 }[cursor.form]
  return Math.max(written, plan.version.resolutionMs ?? 1)
}

/** A window goes on from its last time: that holds only if times ascend. */
function checkOrder(times: readonly (number | null)[], plan: ResourcePlan): void {
  for (let i = 1; i < times.length; i++) {
    const [before, after] = [times[i - 1] ?? null, times[i] ?? null]
    if (before !== null && after !== null && after < before)
      throw new FaultError({
        class: "invalid",
        message: `The delta of "${plan.name}" has a maxWindow, but its records do not come in the order of their time: the request must ask for that order.`,
      })
  }
}

const stuck = (plan: ResourcePlan, low: number): FaultError =>
  new FaultError({
    class: "invalid",
    message: `More items of "${plan.name}" share the time ${new Date(low).toISOString()} than one window holds: the manifest must say how to go on among them (cursor.ties).`,
  })
