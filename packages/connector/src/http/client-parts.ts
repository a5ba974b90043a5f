// What an HTTP client is opened with and what its owner (not the connector) can ask of it.
import type { TokenKeeper } from "../auth/token-keeper.ts"
import type { FaultClass } from "../fault.ts"
import type { LimiterState } from "../limit/limiter.ts"
import type { HttpClient } from "./client.ts"
import type { ClockOffsetState } from "./clock-offset.ts"

export interface HttpLogEntry {
  /** Epoch ms at which the attempt began. */
  readonly at: number
  readonly method: string
  /** Without the query, which often holds personal data. */
  readonly path: string
  /** null: no answer. */
  readonly status: number | null
  readonly ms: number
  readonly attempt: number
  readonly fault?: FaultClass
}

export interface HttpStats {
  /** Attempts that were made, repetitions included, token requests not. */
  readonly attempts: number
  readonly repeated: number
  readonly faults: number
  readonly rateLimited: number
  readonly tokens: number
  /** Decoded bytes of answers. */
  readonly bytesIn: number
}

export interface HttpClientParts {
  /** Epoch ms. */
  readonly now: () => number
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly random?: () => number
  readonly log?: (entry: HttpLogEntry) => void
  /** Hosts that may have, or resolve to, private addresses. Loopback needs no permission. */
  readonly allowPrivateHosts?: readonly string[]
  /** More texts that must never be shown, besides those in `auth`. */
  readonly secrets?: readonly string[]
  /** As saved by `limits()` and `clockState()` before a restart. */
  readonly limits?: LimiterState
  readonly clock?: ClockOffsetState | null
  /** Where refresh tokens that rotate are kept; without one they last as long as the process. */
  readonly keeper?: TokenKeeper
  /** Longest wait for a turn at the limiter, 60 s by default; beyond it the call is refused as `rateLimited`. */
  readonly maxWaitMs?: number
}

export interface OpenHttpClient extends HttpClient {
  /** Bounds of the system's clock minus ours, ms. */
  clock(): { readonly offsetLowMs: number; readonly offsetHighMs: number } | null
  clockState(): ClockOffsetState | null
  /** State of the limiter, JSON for the store. */
  limits(): LimiterState
  readonly stats: HttpStats
  /** Replaces every secret of this system, tokens included, in any text. */
  redact(text: string): string
  /** Waits for calls underway; those that still wait for their turn are refused. */
  close(): Promise<void>
}
