// What a connector sees of HTTP: one client per system.
// Enters a request, leaves a decoded answer or a FaultError. A request that may have been carried out without an
// answer is a fault of class `unknown` for unsafe methods and `transient` for safe ones.
import type { Auth } from "../auth/auth.ts"
import type { LimitSettings, Priority } from "../limit/limiter.ts"
import type { Json } from "../json.ts"

export interface HttpSettings {
  readonly baseUrl: string
  readonly auth: Auth
  readonly limits: LimitSettings
  /** Total time allowed for one attempt, from sending to the last byte of the answer, ms; 30 s by default. */
  readonly timeoutMs?: number
  /** Bytes of a decoded answer that are read before the call is refused; 32 MiB by default. */
  readonly maxResponseBytes?: number
}

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE"
  /** Path below `baseUrl`, segments already encoded; or an absolute URL on the same host, as "next page" links are. */
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
  /** Interactive calls take their turn before bulk ones, the default. */
  readonly priority?: Priority
  /** The call changes nothing although its method is POST (a search): it may be repeated like a GET. */
  readonly safe?: boolean
}

export interface HttpResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON, or null for an empty body. Whole numbers beyond 2^53 are strings that keep their digits. */
  readonly body: Json
}

export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>
}
