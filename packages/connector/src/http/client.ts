// What a connector sees of HTTP: one client per system.
// Enters a request, leaves a decoded answer or a FaultError. A request that may have been carried out without an
// answer is a fault of class `unknown` for unsafe methods and `transient` for safe ones.
import type { Auth } from "../auth/auth.ts"
import type { Fault } from "../fault.ts"
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

/** The last two are WebDAV's way of reading. */
export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "PROPFIND" | "REPORT"

export type QueryValue = string | number | boolean | undefined

/** An answer as its judge sees it, before it is told from a fault. */
export interface Judged {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON; null where there is none. */
  readonly body: Json
  /** The body of an answer that was asked for as text, or that is not JSON. */
  readonly text?: string
}

/** Of a system that is not reached by HTTP: a call would fail at once. */
export const noHttp: HttpSettings = { baseUrl: "http://nowhere.invalid", auth: { type: "none" }, limits: { windows: [] } }

export interface HttpRequest {
  readonly method: HttpMethod
  /** Path below `baseUrl`, segments already encoded; or an absolute URL on the same host, as "next page" links are. */
  readonly path: string
  /** A list repeats its name. */
  readonly query?: Readonly<Record<string, QueryValue | readonly QueryValue[]>>
  readonly headers?: Readonly<Record<string, string>>
  /** JSON body, or form fields with `form`, or anything else with `content`. */
  readonly json?: Json
  /** Pairs where a name comes more than once. */
  readonly form?: Readonly<Record<string, string>> | readonly (readonly [name: string, value: string])[]
  readonly content?: { readonly type: string; readonly data: string | Uint8Array }
  /** How a successful answer is read: as JSON, the default, or as text, whatever it is apart from a web page. */
  readonly answer?: "json" | "text"
  /**
   * Looks at every answer before it is told from a fault, those with a 2xx included. A fault counts as the answer's; "answer"
   * takes it for one, whatever its status and body; null leaves it to the rules that hold everywhere. A request that was
   * refused for its rate makes the client hold back.
   */
  readonly judge?: (answer: Judged) => Fault | "answer" | null
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
  /**
   * Parsed JSON, or null for an empty body. Whole numbers beyond 2^53 are strings that keep their digits. Of an answer that
   * was asked for as text, the text.
   */
  readonly body: Json
}

export interface HttpClient {
  request(request: HttpRequest): Promise<HttpResponse>
  /** Replaces every secret of this system in a text that is about to become part of a fault. Faults of calls are clean already. */
  redact?(text: string): string
}
