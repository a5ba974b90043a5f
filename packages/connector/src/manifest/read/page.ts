// One page of a scan: asked for, its records turned into changes, and what the answer says of the scan as a whole.
import type { CallOptions, Change } from "../../contract.ts"
import { isObject, type Json } from "../../json.ts"
import { below, parentNamed } from "../parent-id.ts"
import { hasShrunk, pageNames, pageOptions, turnPage, type PagePlace } from "../paginate/paging.ts"
import { listOf, resOf, send, type SendOptions } from "../request/send.ts"
import type { Answer, NextSpec, Opened, RequestSpec, ResourcePlan, ScanSpec, Scope } from "../spec/index.ts"
import { instantOf } from "./instant.ts"
import { changeOf } from "./record.ts"

export interface ReadPage {
  readonly answer: Answer
  readonly changes: readonly Change[]
  /** As they came, for cursors. */
  readonly records: readonly Json[]
  /** Sees `res`, `page`, `config`, `parent`. */
  readonly scope: Scope
  /** `null`: this was the last. */
  readonly next: PagePlace | null
  /** Somebody may have been missed between two pages. */
  readonly gap: boolean
  readonly asOf: string | undefined
  readonly total: number | undefined
}

export interface PageAsk {
  readonly request: RequestSpec
  readonly next: NextSpec
  readonly place: PagePlace
  readonly limit: number
  /** `cursor`, `until`, `after`, `parent`. */
  readonly names: Scope
  readonly headers?: Readonly<Record<string, string>>
  readonly accept?: readonly number[]
}

export async function readPage(opened: Opened, plan: ResourcePlan, scan: ScanSpec, ask: PageAsk, options: CallOptions): Promise<ReadPage> {
  const limit = Math.max(1, Math.min(ask.limit, scan.maxLimit ?? ask.limit))
  const asked: Record<string, Json | undefined> = {
    ...ask.names,
    config: opened.config,
    page: pageNames(ask.next, ask.place),
    limit,
    paths: plan.paths,
  }
  const sending: SendOptions = {
    ...options,
    ...absolute(opened, ask, pageOptions(ask.next, ask.place)),
    ...(ask.headers === undefined ? {} : { headers: ask.headers }),
    ...(ask.accept === undefined ? {} : { accept: ask.accept }),
  }
  const answer = await send(opened, ask.request, asked, sending)
  const scope: Record<string, Json | undefined> = { ...asked, res: resOf(answer) }
  const records = answer.unchanged ? [] : listOf(scan.records.run(scope))
  const parent = parentNamed(scope)
  const own = changesOf(scan, records, scope)
  const changes = parent === null ? own : own.map((change) => below(parent, change))
  const next = answer.unchanged
    ? null
    : turnPage(ask.next, ask.place, { answer, scope, count: records.length, last: records.at(-1) ?? null })
  const total = scan.total === null ? null : scan.total.run(scope)
  return {
    answer,
    changes,
    records,
    scope,
    next,
    gap: hasShrunk(ask.next, ask.place, scope),
    asOf: scan.asOf === null ? instantOf(answer.headers["date"]) : instantOf(scan.asOf.run(scope)),
    total: typeof total === "number" && Number.isSafeInteger(total) && total >= 0 ? total : undefined,
  }
}

/** One scope for the whole page: no object and no promise per record. */
export function changesOf(scan: Pick<ScanSpec, "record" | "keep">, records: readonly Json[], page: Scope): readonly Change[] {
  const scope: Record<string, Json | undefined> = { ...page }
  const plain = scan.record.was === null ? scan.record : { ...scan.record, was: null }
  const changes: Change[] = []
  for (const rec of records) {
    scope["rec"] = rec
    if (!isObject(rec) || (scan.keep !== null && !scan.keep.run(scope))) continue
    const change = changeOf(scan.record, scope)
    changes.push(change)
    // The record that tells of a new id tells of the item, too.
    if (change.kind === "rekey") changes.push(changeOf(plain, scope))
  }
  return changes
}

/** The URL of a next page may be one of this host only, or of this very path: `?page=2`. */
function absolute(
  opened: Opened,
  { request, names }: PageAsk,
  options: Pick<SendOptions, "slot" | "url">,
): Pick<SendOptions, "slot" | "url"> {
  const { url } = options
  if (url === undefined || /^[a-z][a-z0-9+.-]*:/i.test(url)) return options
  const base = String(opened.manifest.baseUrl.run(opened.config) ?? "").replace(/\/+$/, "")
  const from = `${base}/${request.path.run({ ...names, config: opened.config }).replace(/^\/+/, "")}`
  return URL.canParse(url, from) ? { ...options, url: new URL(url, from).href } : options
}
