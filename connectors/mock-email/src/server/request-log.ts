// Every request to the API (the admin port's own are left out), so that a test can count what was asked and written.
import type { Action } from "./member-writes.ts"

export interface LoggedWrite {
  readonly action: Action | "deleted"
  readonly list: string
  readonly id: string
  readonly email_address: string
}

export interface LoggedRequest {
  readonly seq: number
  readonly at: string
  readonly method: string
  /** With its query. */
  readonly path: string
  /** 0: the connection was closed without an answer. */
  readonly status: number
  /** Whether the request asked to change something. */
  readonly write: boolean
  /** Ids and addresses that the request named. */
  readonly ids: readonly string[]
  readonly addresses: readonly string[]
  /** What it did to members, one entry each; nothing changed, no entry. */
  readonly writes: readonly LoggedWrite[]
  readonly fault?: string
}

export interface RequestLog {
  add(request: Omit<LoggedRequest, "seq" | "at">): void
  /** Entries after the one numbered `since`, or from an ISO instant on. */
  since(since: string | undefined): readonly LoggedRequest[]
  /** Number of the latest entry; numbers go on after a clear. */
  last(): number
  clear(): void
}

/** Oldest entries go first. */
const maxEntries = 100_000

export const createRequestLog = (now: () => number): RequestLog => {
  let entries: LoggedRequest[] = []
  let seq = 0
  return {
    add(request) {
      seq += 1
      entries.push({ seq, at: new Date(now()).toISOString(), ...request })
      if (entries.length > maxEntries * 1.1) entries = entries.slice(-maxEntries)
    },
    since(since) {
      if (since === undefined || since === "") return entries
      if (/^\d+$/.test(since)) return entries.filter((entry) => entry.seq > Number(since))
      const at = Date.parse(since)
      return entries.filter((entry) => Date.parse(entry.at) >= at)
    },
    last: () => seq,
    clear() {
      entries = []
    },
  }
}
