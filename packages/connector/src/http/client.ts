// One HTTP client per system, on undici: limits, authentication, timeouts, decompression, request log, egress policy.
// Enters a request, leaves a decoded answer or a FaultError. A request that may have been carried out without an
// answer is a fault of class `unknown` for unsafe methods and `transient` for safe ones.
import type { Auth } from "../auth/auth.ts"
import type { LimitSettings } from "../limit/limiter.ts"
import type { Json } from "../json.ts"

export interface HttpSettings {
  readonly baseUrl: string
  readonly auth: Auth
  readonly limits: LimitSettings
  /** Total time allowed for one request, ms. */
  readonly timeoutMs?: number
  /** Bytes of a decoded answer that are read before the call is refused. */
  readonly maxResponseBytes?: number
}

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** Path below `baseUrl`, segments already encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  /** JSON body, or form fields with `form`. */
  readonly json?: Json
  readonly form?: Readonly<Record<string, string>>
  /** Statuses (besides 2xx) that are answers, not faults: [304, 404, 412]. */
  readonly accept?: readonly number[]
  readonly signal?: AbortSignal
  /** Weight of this call for the rate limiter; 1 by default. */
  readonly cost?: number
}

export interface HttpResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON, or null for an empty body. */
  readonly body: Json
}

export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>
}
