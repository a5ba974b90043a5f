// What the server notes about a request while it handles it; becomes its entry in the request log.
import type { FastifyRequest } from "fastify"
import type { Clock } from "./clock.ts"
import type { RequestEntry } from "./store/request-log.ts"

export interface Trace {
  readonly startedAt: number
  readonly ids: Set<string>
  readonly faults: string[]
  write: boolean
  changed: number
  /** Already in the log; an answer that is cut off must not be logged twice. */
  logged: boolean
}

declare module "fastify" {
  interface FastifyRequest {
    trace: Trace
  }
}

export const newTrace = (): Trace => ({ startedAt: performance.now(), ids: new Set(), faults: [], write: false, changed: 0, logged: false })

/** Path without the query. */
export const pathOf = (request: FastifyRequest): string => request.url.split("?", 1)[0] ?? request.url

export const isAdmin = (request: FastifyRequest): boolean => /^\/admin(\/|$)/.test(pathOf(request))

/** Calls that may change contacts: searching and fetching a token are posted but change nothing. */
export const isWrite = (request: FastifyRequest): boolean =>
  ["POST", "PUT", "PATCH", "DELETE"].includes(request.method) &&
  /^\/contacts(\/|$)/.test(pathOf(request)) &&
  pathOf(request) !== "/contacts/search"

export const entryOf = (request: FastifyRequest, status: number, clock: Clock): RequestEntry => {
  const key = request.headers["idempotency-key"]
  return {
    at: new Date(clock.now()).toISOString(),
    method: request.method,
    path: request.url,
    status,
    ms: Math.round((performance.now() - request.trace.startedAt) * 100) / 100,
    write: request.trace.write,
    changed: request.trace.changed,
    ids: [...request.trace.ids],
    idempotency_key: typeof key === "string" ? key : null,
    faults: request.trace.faults,
  }
}
