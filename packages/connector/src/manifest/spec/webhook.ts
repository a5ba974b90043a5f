// What a manifest says about webhooks: how they are registered, proven, and what they tell.
import type { RequestSpec } from "./request.ts"
import type { Setting, Value } from "./value.ts"

export interface WebhooksSpec {
  readonly payload: "full" | "thin"
  /** See `url` (where to send) and `config`. */
  readonly register: { readonly request: RequestSpec; readonly id: Value | null } | null
  readonly unregister: RequestSpec | null
  /** null: unsigned; what they say is a hint and nothing else. */
  readonly verify: VerifySpec | null
  /** Names: `body` (parsed), `headers`, `query`, and in each `event`. */
  readonly extract: {
    readonly each: Value
    /** Name of the resource. */
    readonly resource: Value
    readonly id: Value
    /** "upsert" or "delete"; upsert, unless said. */
    readonly kind: Value | null
    readonly at: Value | null
    /** payload: full. The record as reads give it. */
    readonly record: Value | null
    /** Equal for a repetition. */
    readonly eventId: Value | null
  }
}

export type VerifySpec =
  | {
      readonly type: "hmac"
      readonly algorithm: "sha1" | "sha256" | "sha512"
      readonly key: Setting
      readonly keyEncoding: "utf8" | "hex" | "base64"
      readonly encoding: "hex" | "base64"
      readonly header: string
      /** Stands before the signature in the header: `sha256=`. */
      readonly prefix: string
      /** Names: `raw` (the body's text), `method`, `url`, `path`, `headers`, `timestamp`. `raw` alone, unless said. */
      readonly payload: Value | null
      readonly timestamp: { readonly header: string; readonly toleranceMs: number } | null
    }
  /** Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature. */
  | { readonly type: "standard"; readonly key: Setting; readonly toleranceMs: number }
  /** A secret in the address. */
  | { readonly type: "query"; readonly name: string; readonly key: Setting }
