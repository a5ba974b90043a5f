// Reading: pages that would never turn, deltas that would read everything, deletes without proof.
import type { Report, Span } from "../../language/index.ts"
import type { NextSpec, ResourcePlan, ScanSpec } from "../spec/index.ts"
import type { Find } from "./place.ts"
import { uses } from "./uses.ts"

export function lintReads(plan: ResourcePlan, find: Find, report: Report): void {
  const at = (...keys: readonly string[]): Span => find("resources", plan.name, ...keys)
  const scans: [scan: ScanSpec | null, keys: readonly string[]][] = [
    [plan.snapshot, ["read", "snapshot"]],
    [plan.delta, ["read", "delta"]],
    [plan.tombstones, ["deletes", "tombstone"]],
  ]
  for (const [scan, keys] of scans) if (scan !== null) lintScan(plan, scan, keys, at, report)
  for (const lookup of plan.lookups) {
    if (lookup.request.code !== null) continue
    const wanted = lookup.max > 1 ? ["values"] : ["value", "values"]
    if (!wanted.some((name) => uses(lookup.request, name)))
      report.warning(
        at("read", "lookup", lookup.by),
        `the request of this lookup does not say ${wanted[0]}: it would find the same whatever is asked for`,
        lookup.max > 1 ? `put values into it, up to ${lookup.max} of them` : "put value into it: /contacts/{value}",
      )
  }
  if (plan.deletes.includes("absence") && plan.snapshot === null)
    report.error(
      at("deletes", "absence"),
      "a delete cannot be inferred from absence where nothing is read as a whole",
      "add read.snapshot: a delta leaves out what did not change",
    )
  if (plan.parent !== null && plan.edges.length > 0)
    report.error(
      at("edges"),
      "a resource that is read below a parent cannot have edges",
      "let the item carry the list, and write it with the item",
    )
  if (plan.parent !== null && ![plan.snapshot, plan.delta].some((scan) => scan !== null && uses(scan.request, "parent")))
    report.error(
      at("parent"),
      "no request of this resource says parent: it would read the same below each of them",
      "put {parent.id} into its paths",
    )
}

type At = (...keys: readonly string[]) => Span

function lintScan(plan: ResourcePlan, scan: ScanSpec, keys: readonly string[], at: At, report: Report): void {
  const { cursor, request, next } = scan
  if (request.code !== null) return
  if (!turns(next, scan))
    report.error(
      at(...keys, "next"),
      "nothing carries this to the request: every page would be the first one",
      "add to: query.…, or put page into the request",
    )
  if (scan.maxLimit !== null && !uses(request, "limit"))
    report.warning(at(...keys, "limit"), "the request does not say limit, so this has no effect on it", "put =limit into its query or body")
  if (plan.pageSize > (scan.maxLimit ?? Number.POSITIVE_INFINITY))
    report.warning(
      at("pageSize"),
      `pages of ${plan.pageSize} are asked for, but at most ${scan.maxLimit} fit one`,
      "a page is then as large as limit",
    )
  if (cursor === null || cursor.kind === "etag") return
  const isTombstones = keys[0] === "deletes"
  if (!uses(request, "cursor") && !isTombstones)
    report.error(
      at(...keys, "request"),
      "the request does not say cursor: it would read everything, each time",
      "put =cursor into its query or body",
    )
  if (cursor.kind !== "timestamp") return
  if (cursor.overlapMs === 0 && !isTombstones)
    report.warning(
      at(...keys, "cursor"),
      "a cursor by time without overlap misses what becomes visible late",
      "add overlap: as long as the system's lists may lag, 2m say",
    )
  if (cursor.maxWindow !== null && cursor.ties === null)
    report.warning(
      at(...keys, "cursor", "maxWindow"),
      `the scan stops for good where more than ${cursor.maxWindow} items share one time, as after an import`,
      "add ties: how to read on among them, by id",
    )
  if (scan.maxLimit !== null && cursor.maxWindow !== null && scan.maxLimit > cursor.maxWindow)
    report.error(at(...keys, "limit"), `a page of ${scan.maxLimit} is larger than the window of ${cursor.maxWindow}`, "make limit smaller")
}

function turns(next: NextSpec, { request }: ScanSpec): boolean {
  if (next.kind === "none" || next.kind === "link" || next.kind === "url") return true
  return next.to !== null || uses(request, "page")
}
