// What is known of an API when a connector to it is begun: enough for a manifest, a fake and a first conformance file.
// Made by hand for the starter, or read from an OpenAPI document; what could not be known is a decision for a person.
import type { JsonObject, JsonSchema } from "@syncline/connector"

export interface ApiPlan {
  readonly name: string
  readonly title: string
  /** Where the API answers; null where that is not known. */
  readonly baseUrl: string | null
  readonly auth: AuthPlan
  readonly resources: readonly ResourcePlan[]
  /** Sentences for the manifest's head: what was left out and why. */
  readonly notes: readonly string[]
}

export type AuthPlan =
  | { readonly type: "none" }
  | { readonly type: "bearer" }
  | { readonly type: "basic" }
  | { readonly type: "apiKey"; readonly in: "header" | "query"; readonly name: string }
  | { readonly type: "oauth2"; readonly tokenUrl: string; readonly scope: string | null }

export type PagingPlan =
  /** `at`: where the answer holds the token; `to`: the parameter it goes into. */
  | { readonly kind: "token"; readonly at: string; readonly to: string }
  | { readonly kind: "url"; readonly at: string }
  | { readonly kind: "link" }
  | { readonly kind: "offset"; readonly to: string; readonly total: string | null }
  | { readonly kind: "page"; readonly to: string; readonly start: 0 | 1; readonly pages: string | null }
  /** `more`: where the answer says that more follows. */
  | { readonly kind: "keyset"; readonly to: string; readonly more: string | null }
  | { readonly kind: "none" }

export interface ResourcePlan {
  readonly name: string
  readonly schema: JsonSchema
  /** `/people`; parameters other than the item's own were made settings. */
  readonly path: string
  /** Where the list stands in a page; "" for the whole answer. */
  readonly recordsAt: string
  /** Where the item stands in an answer about one; "" for the whole answer. */
  readonly itemAt: string
  /** Under which name an item is sent; "" for the whole body. */
  readonly bodyAt: string
  readonly id: string
  readonly idType: "text" | "number"
  readonly paging: PagingPlan
  readonly limit: { readonly to: string; readonly max: number } | null
  /** A filter for what changed since, and the field it goes by. */
  readonly since: { readonly to: string; readonly field: string } | null
  /** A member that marks deleted items in such a filtered list. */
  readonly deletedFlag: string | null
  readonly version: { readonly kind: "revision" | "timestamp"; readonly field: string } | { readonly kind: "etag" } | null
  /** When an item was last changed. */
  readonly modified: string | null
  readonly lookup: boolean
  readonly keys: readonly { readonly name: string; readonly unique: boolean | "unknown" }[]
  readonly create: { readonly idempotencyHeader: string | null } | null
  readonly update: { readonly method: "PATCH" | "PUT"; readonly ifMatch: boolean } | null
  readonly remove: { readonly ifMatch: boolean } | null
  /** Set by the system: never sent. */
  readonly readOnly: readonly string[]
  /** A valid new item, and an edit of it, with `{unique}` in their texts. */
  readonly item: JsonObject
  readonly edit: JsonObject | null
  readonly text: string | null
  readonly clear: string | null
  /** An edit that the API refuses. */
  readonly invalid: JsonObject | null
  /** What only a person can say about this resource, by where it matters. */
  readonly decide: Readonly<
    Partial<Record<"resource" | "keys" | "version" | "snapshot" | "delta" | "deletes" | "create" | "update" | "delete" | "lookup", string>>
  >
}
