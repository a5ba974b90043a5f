// Every request to the API, the admin port's own left out: what a test counts and a story shows.
import type { Json } from "@syncline/connector"

export interface LoggedRequest {
  readonly seq: number
  /** ISO 8601, on the fake's clock. */
  readonly at: string
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly body: Json
  /** 0: the connection was closed without an answer. */
  readonly status: number
  /** Whether the request could change something. */
  readonly write: boolean
  /** Items it changed. */
  readonly changed: number
  /** Requests under way when it came in, itself included. */
  readonly concurrent: number
  /** The ordered trouble it ran into. */
  readonly fault?: string
  /** The rate window that was full. */
  readonly refusedBy?: string
}

export interface RequestLog {
  add(entry: Omit<LoggedRequest, "seq">): void
  all(): readonly LoggedRequest[]
  clear(): void
}

/** Oldest entries go first. */
const MAX_ENTRIES = 50_000

export const createRequestLog = (): RequestLog => {
  let entries: LoggedRequest[] = []
  let seq = 0
  return {
    add(entry) {
      seq += 1
      entries.push({ seq, ...entry })
      if (entries.length > MAX_ENTRIES * 1.1) entries = entries.slice(-MAX_ENTRIES)
    },
    all: () => entries,
    clear() {
      entries = []
    },
  }
}
