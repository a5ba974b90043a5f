// Trouble that can be ordered through the admin port: the first order that fits a request is used up by it.
import { isObject, type Json } from "@syncline/connector"

const kinds = [
  "outage",
  "latency",
  "status",
  "applied-no-answer",
  "partial-batch",
  "stale-read",
  "empty-list",
  "half-list",
  "truncated",
  "html",
  "unauthorized",
  "rate-limit",
] as const
export type FaultKind = (typeof kinds)[number]

export interface FaultOrder {
  readonly kind: FaultKind
  /** `path` is a regular expression on the path without its query. */
  readonly match?: { readonly method?: string; readonly path?: string }
  /** How many requests it hits; without it, all until it is deleted or its time is up. */
  readonly times?: number
  /** How long it lasts, on the platform's clock. */
  readonly for_ms?: number
  /** status: what is answered (500); html: 200. */
  readonly status?: number
  /** latency: how late the answer is; the work is done at once (1000). */
  readonly ms?: number
  /** outage: the connection is closed without an answer, instead of a 503. */
  readonly drop?: boolean
  /** partial-batch: how many items are treated well (half of them). */
  readonly keep?: number
  /** partial-batch: what becomes of the others. `failed`: not applied, told so; `missing`: not applied and not
   * mentioned; `unreported`: applied and not mentioned. */
  readonly rest?: "failed" | "missing" | "unreported"
}

export interface Faults {
  order(orders: readonly FaultOrder[]): void
  /** The trouble this request is in for, if any. */
  take(method: string, url: string): FaultOrder | undefined
  list(): readonly FaultOrder[]
  clear(): void
}

const listPath = /^\/lists\/[^/]+\/members\/?$/
const batchPath = /^\/lists\/[^/]+\/batch\/?$/
const onReads: readonly FaultKind[] = ["stale-read"]
const onLists: readonly FaultKind[] = ["empty-list", "half-list"]

const isLookup = (query: string): boolean => /(?:^|&)(?:ids|contact_ids|emails)=/.test(query)

const canHit = (kind: FaultKind, method: string, path: string, query: string): boolean => {
  if (kind === "partial-batch") return method === "POST" && batchPath.test(path)
  if (onLists.includes(kind)) return method === "GET" && listPath.test(path) && !isLookup(query)
  if (onReads.includes(kind)) return method === "GET"
  return true
}

export const createFaults = (now: () => number): Faults => {
  let pending: { order: FaultOrder; path: RegExp | null; left: number; until: number }[] = []
  const prune = (): void => {
    pending = pending.filter((fault) => fault.left > 0 && now() < fault.until)
  }
  return {
    order(orders) {
      for (const order of orders) {
        const until = order.for_ms === undefined ? Number.POSITIVE_INFINITY : now() + order.for_ms
        const path = order.match?.path === undefined ? null : new RegExp(order.match.path)
        pending.push({ order, path, left: order.times ?? Number.POSITIVE_INFINITY, until })
      }
    },
    take(method, url) {
      prune()
      const [path = "", query = ""] = url.split("?", 2)
      const fault = pending.find(
        ({ order, path: pattern }) =>
          canHit(order.kind, method, path, query) &&
          (order.match?.method === undefined || order.match.method.toUpperCase() === method) &&
          (pattern === null || pattern.test(path)),
      )
      if (fault !== undefined) fault.left -= 1
      return fault?.order
    },
    list() {
      prune()
      return pending.map(({ order, left }) => (Number.isFinite(left) ? { ...order, times: left } : order))
    },
    clear() {
      pending = []
    },
  }
}

const isKind = (value: Json | undefined): value is FaultKind => kinds.some((kind) => kind === value)

const amount = (value: Json | undefined, name: string): number | undefined => {
  if (value === undefined) return undefined
  if (typeof value !== "number" || value < 0) throw new Error(`${name} is a number that is not negative`)
  return value
}

const parseOne = (value: Json): FaultOrder => {
  if (!isObject(value)) throw new Error("a fault is an object with a kind")
  const { kind, match, status, ms, drop, keep, rest } = value
  if (!isKind(kind)) throw new Error(`kind is one of ${kinds.join(", ")}`)
  if (match !== undefined && !isObject(match)) throw new Error("match is an object with method, path or both")
  if (rest !== undefined && rest !== "failed" && rest !== "missing" && rest !== "unreported") {
    throw new Error("rest is one of failed, missing, unreported")
  }
  const method = match?.["method"]
  const path = match?.["path"]
  if (typeof path === "string") new RegExp(path) // a bad pattern is refused now, not at the next request
  const numbers = { times: amount(value["times"], "times"), for_ms: amount(value["for_ms"], "for_ms"), keep: amount(keep, "keep") }
  const answer = { status: amount(status, "status"), ms: amount(ms, "ms") }
  if (answer.status !== undefined && (answer.status < 200 || answer.status > 599)) throw new Error("status is between 200 and 599")
  return {
    kind,
    ...(match === undefined
      ? {}
      : { match: { ...(typeof method === "string" ? { method } : {}), ...(typeof path === "string" ? { path } : {}) } }),
    ...(numbers.times === undefined ? {} : { times: numbers.times }),
    ...(numbers.for_ms === undefined ? {} : { for_ms: numbers.for_ms }),
    ...(numbers.keep === undefined ? {} : { keep: numbers.keep }),
    ...(answer.status === undefined ? {} : { status: answer.status }),
    ...(answer.ms === undefined ? {} : { ms: answer.ms }),
    ...(drop === true ? { drop } : {}),
    ...(rest === undefined ? {} : { rest }),
  }
}

/** One order or a list of them; throws with what is wrong. */
export const parseFaults = (body: Json): FaultOrder[] => (Array.isArray(body) ? body.map(parseOne) : [parseOne(body)])
