// What the player knows of a kind of mock: how its own users call it over HTTP, and how its dump and request log read.
import type { JsonObject } from "@syncline/connector"
import { fakeApi } from "./fake-api.ts"
import { mockCrm } from "./mock-crm.ts"
import { mockEmail } from "./mock-email.ts"

export interface Call {
  readonly method: "POST" | "PATCH" | "DELETE"
  readonly path: string
  readonly body?: JsonObject
  readonly headers: Readonly<Record<string, string>>
}

export interface MockKind {
  /** An item as its API shows it; the item itself, unless said. */
  readonly shown?: (item: JsonObject) => JsonObject
  /** Variables by which a pipeline finds a system of this name. */
  readonly env: (prefix: string, url: string) => Readonly<Record<string, string>>
  readonly items: (dump: JsonObject) => readonly JsonObject[]
  /** Archived items are still there to look at, but do not count. */
  readonly counts: (item: JsonObject) => boolean
  /** An id that stays with the item for good. */
  readonly stableId: (item: JsonObject) => string
  /** Everything that an item may be called by. */
  readonly namesOf: (item: JsonObject) => readonly string[]
  readonly create: (set: JsonObject) => Call
  readonly update: (item: JsonObject, set: JsonObject) => Call
  readonly delete: (item: JsonObject) => Call
  readonly erase: (item: JsonObject) => Call
  /** Items changed by one logged request. */
  readonly changedBy: (request: JsonObject) => number
}

const OWN: Readonly<Record<string, MockKind>> = { crm: mockCrm, email: mockEmail }

/** `credentials`: as the fake told them when it started. */
export const mockKind = (name: string, credentials: Readonly<Record<string, string>>): MockKind => OWN[name] ?? fakeApi(credentials)
