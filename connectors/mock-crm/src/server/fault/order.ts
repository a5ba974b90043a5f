// Faults that an operator orders: their shape, their checking, and the list of those still in force.
import { Problem } from "../protocol/problem.ts"

export const faultKinds = [
  "outage",
  "latency",
  "status",
  "applied-no-answer",
  "partial-batch",
  "stale-read",
  "cursor-expired",
  "truncated",
  "html",
  "unauthorized",
  "rate-limit",
] as const
export type FaultKind = (typeof faultKinds)[number]

export interface FaultOrder {
  readonly id: number
  readonly kind: FaultKind
  readonly match: { readonly method?: string; readonly path?: string }
  /** Requests it still hits; null: no end. */
  readonly times: number | null
  /** Real time at which it ends, epoch ms; null: no end. */
  readonly until: number | null
  /** Everything else, by kind: `ms`, `status`, `retry_after`, `fail_every`, `drop_every`, `shuffle`, `mode`. */
  readonly settings: Readonly<Record<string, unknown>>
}

export interface FaultBoard {
  order(input: unknown): FaultOrder[]
  list(): FaultOrder[]
  cancel(id: number | null): void
  /** Takes the first fault of this kind that applies to the request, and counts it. */
  take(kind: FaultKind, method: string, path: string): FaultOrder | null
}

const bad = (at: number, path: string, message: string): Problem =>
  new Problem(422, "invalid-request", `fault ${at}: ${path} ${message}`, { errors: [{ path: `${at}.${path}`, message }] })

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value)

const parseOrder = (input: unknown, at: number, id: number): FaultOrder => {
  if (!isRecord(input)) throw bad(at, "", "must be an object")
  const { kind, match = {}, times, for_ms: forMs, ...settings } = input
  const known = faultKinds.find((one) => one === kind)
  if (!known) throw bad(at, "kind", `must be one of ${faultKinds.join(", ")}`)
  if (!isRecord(match)) throw bad(at, "match", "must be an object")
  const { method, path } = match
  if (method !== undefined && typeof method !== "string") throw bad(at, "match.method", "must be text")
  if (path !== undefined && typeof path !== "string") throw bad(at, "match.path", "must be a regular expression")
  try {
    if (path !== undefined) new RegExp(path)
  } catch {
    throw bad(at, "match.path", "is not a regular expression")
  }
  if (times !== undefined && !(Number.isInteger(times) && Number(times) > 0)) throw bad(at, "times", "must be a whole number above 0")
  if (forMs !== undefined && !(typeof forMs === "number" && forMs > 0)) throw bad(at, "for_ms", "must be a number above 0")
  return {
    id,
    kind: known,
    match: { ...(method === undefined ? {} : { method: method.toUpperCase() }), ...(path === undefined ? {} : { path }) },
    times: times === undefined ? null : Number(times),
    until: forMs === undefined ? null : Date.now() + Number(forMs),
    settings,
  }
}

export const faultBoard = (): FaultBoard => {
  let orders: FaultOrder[] = []
  let nextId = 1
  const sweep = (): void => {
    orders = orders.filter((order) => order.times !== 0 && (order.until === null || order.until > Date.now()))
  }
  return {
    order: (input) => {
      const list: unknown[] = Array.isArray(input) ? input : [input]
      const added = list.map((one, at) => parseOrder(one, at, nextId + at))
      nextId += added.length
      orders.push(...added)
      return added
    },
    list: () => {
      sweep()
      return orders
    },
    cancel: (id) => {
      orders = id === null ? [] : orders.filter((order) => order.id !== id)
    },
    take: (kind, method, path) => {
      if (orders.length === 0) return null
      sweep()
      const at = orders.findIndex(
        (order) =>
          order.kind === kind &&
          (order.match.method === undefined || order.match.method === method) &&
          (order.match.path === undefined || new RegExp(order.match.path).test(path)),
      )
      const found = orders[at]
      if (!found) return null
      if (found.times !== null) orders[at] = { ...found, times: found.times - 1 }
      return found
    },
  }
}

export const numberSetting = (order: FaultOrder, name: string, fallback: number): number => {
  const value = order.settings[name]
  return typeof value === "number" && Number.isFinite(value) ? value : fallback
}
