// Where the halves of a manifest's runtime meet: reading (request/, fault/, paginate/, read/), writing (write/, edge/) and
// the rest (codec/, auth/). Each type below is exported as a function from the file that its comment names.
import type { Auth } from "../../auth/auth.ts"
import type { CallOptions, Change, LookupAnswer, Op, Outcome } from "../../contract.ts"
import type { HttpClient } from "../../http/client.ts"
import type { Json, JsonObject } from "../../json.ts"
import type { AuthSpec } from "./auth.ts"
import type { Manifest, ResourcePlan } from "./manifest.ts"
import type { Codec } from "./request.ts"

/** A system that was opened with a configuration. */
export interface Opened {
  readonly manifest: Manifest
  readonly config: JsonObject
  readonly http: HttpClient
  /** Epoch ms. */
  readonly now: () => number
  /** Loads a module beside the manifest. */
  readonly load?: (relativePath: string) => Promise<unknown>
  /** Lets time pass, for jobs that are asked about; timers of the runtime, unless said. Rejects when the signal is aborted. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** `res` in expressions. */
export interface Answer {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
  /** A 304, or a rule said `unchanged`. */
  readonly unchanged: boolean
}

/** read/lookup.ts: also what readCompare and read-back run on. */
export type Lookup = (
  opened: Opened,
  plan: ResourcePlan,
  by: string,
  values: readonly string[],
  options?: CallOptions,
) => Promise<LookupAnswer[]>

/** write/push.ts */
export type Push = (opened: Opened, plan: ResourcePlan, ops: readonly Op[], options?: CallOptions) => Promise<readonly Outcome[]>

/** edge/enrich.ts: fills the fields of the edges of a page's items. */
export type Enrich = (opened: Opened, plan: ResourcePlan, changes: readonly Change[], options?: CallOptions) => Promise<readonly Change[]>

/** codec/codec.ts: json is never asked for here, the HTTP client has it. */
export type Encode = (codec: Codec, body: Json) => { readonly contentType: string; readonly text: string }
export type Decode = (codec: Codec, text: string) => Json

/** auth/auth-of.ts: the settings filled in. */
export type AuthOf = (spec: AuthSpec, config: JsonObject) => Auth
