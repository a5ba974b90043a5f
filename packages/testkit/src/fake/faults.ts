// Trouble on order. The first order that fits a request is used up by it; `times` and `for_ms` bound it.
//   status            answers `status` with `body` and `headers`, nothing is done; with `applied` it is done first
//   outage            503 for everything; with `drop` the connection is closed without a word
//   applied-no-answer done, and the connection is closed without an answer
//   truncated         done, and the answer breaks off in the middle
//   html              a 200 with a login page (`status` says otherwise)
//   latency           done at once, answered `ms` later; with `late` it is done late too
//   rate-limit        the API's own "too many requests"
// A fake adds kinds of its own (`faultKinds`) and finds them as `request.fault`.
import { isObject, type Json } from "@syncline/connector"

export const FAULT_KINDS = ["status", "outage", "applied-no-answer", "truncated", "html", "latency", "rate-limit"] as const

export interface FaultOrder {
  readonly kind: string
  /** `path` is a regular expression on the path with its query. */
  readonly match?: { readonly method?: string; readonly path?: string }
  /** How many requests it hits; without it, all until it is cleared or its time is up. */
  readonly times?: number
  /** How many fitting requests it lets pass first. */
  readonly after?: number
  /** How long it lasts, on the fake's clock. */
  readonly for_ms?: number
  readonly status?: number
  readonly body?: Json
  readonly headers?: Readonly<Record<string, string>>
  readonly applied?: boolean
  readonly drop?: boolean
  readonly late?: boolean
  readonly ms?: number
  /** For kinds of a fake's own. */
  readonly detail?: Json
}

export interface Faults {
  order(...orders: readonly FaultOrder[]): void
  /** The trouble this request is in for, if any. `path` with its query. */
  take(method: string, path: string): FaultOrder | undefined
  list(): readonly FaultOrder[]
  clear(): void
}

interface Pending {
  readonly order: FaultOrder
  readonly path: RegExp | null
  left: number
  skip: number
  readonly until: number
}

export const createFaults = (now: () => number, own: readonly string[]): Faults => {
  let pending: Pending[] = []
  const prune = (): void => {
    pending = pending.filter((fault) => fault.left > 0 && now() < fault.until)
  }
  return {
    order(...orders) {
      for (const order of orders) {
        const known = [...FAULT_KINDS, ...own]
        if (!known.includes(order.kind)) throw new Error(`there is no trouble "${order.kind}"; there is ${known.join(", ")}`)
        pending.push({
          order,
          path: order.match?.path === undefined ? null : new RegExp(order.match.path),
          left: order.times ?? Number.POSITIVE_INFINITY,
          skip: order.after ?? 0,
          until: order.for_ms === undefined ? Number.POSITIVE_INFINITY : now() + order.for_ms,
        })
      }
    },
    take(method, path) {
      prune()
      for (const fault of pending) {
        const { match } = fault.order
        if (match?.method !== undefined && match.method.toUpperCase() !== method) continue
        if (fault.path?.test(path) === false) continue
        if (fault.skip > 0) {
          fault.skip -= 1
          continue
        }
        fault.left -= 1
        return fault.order
      }
      return undefined
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

/** What a request to the admin port ordered; throws with what is wrong. */
export const readFaults = (body: Json): readonly FaultOrder[] =>
  (Array.isArray(body) ? body : [body]).map((one: Json): FaultOrder => {
    if (!isObject(one) || typeof one["kind"] !== "string") throw new Error("trouble is an object with a kind")
    for (const name of ["times", "after", "for_ms", "status", "ms"]) {
      if (one[name] !== undefined && typeof one[name] !== "number") throw new Error(`${name} is a number`)
    }
    if (one["match"] !== undefined && !isObject(one["match"])) throw new Error("match is an object with method, path or both")
    // every word that has a type was looked at; the others are booleans and JSON, and read as such
    return one as unknown as FaultOrder
  })
