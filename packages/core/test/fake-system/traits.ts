// What a fake system can do, as knobs; and the resource spec that says so honestly to the engine.
import type { JsonSchema, ResourceSpec, WriteSpec } from "@syncline/connector"

export interface Traits {
  /** `derived`: the id is made from the address and changes with it. */
  readonly id: "stable" | "derived"
  /** A stable id beside the id. */
  readonly secondary: boolean
  readonly version: "revision" | "timestamp" | "etag" | "none"
  /** Modified times per field. */
  readonly perField: boolean
  readonly deletes: "tombstone" | "flag" | "absence"
  /** What it declares: a change may be listed so much later. */
  readonly listsAfterMs: number
  readonly guard: "ifMatch" | "none"
  readonly idempotent: "header" | "naturalKey" | "none"
  readonly returnsItem: boolean
  /** The address is unique there. */
  readonly unique: boolean
  /** Items can be looked up by address. */
  readonly keyLookup: boolean
  readonly lookup: boolean
  readonly delta: boolean
  /** How many entries of the change log each delta repeats. */
  readonly overlap: number
  readonly max: number
  readonly pageSize: number
  readonly horizonMs: number
  /** Declared rewriting. */
  readonly normalises: Readonly<Record<string, readonly string[]>>
  readonly canDelete: boolean
}

export const PLAIN: Traits = {
  id: "stable",
  secondary: false,
  version: "revision",
  perField: true,
  deletes: "tombstone",
  listsAfterMs: 0,
  guard: "ifMatch",
  idempotent: "header",
  returnsItem: true,
  unique: false,
  keyLookup: true,
  lookup: true,
  delta: true,
  overlap: 0,
  max: 50,
  pageSize: 200,
  horizonMs: 0,
  normalises: {},
  canDelete: true,
}

/** Like an e-mail platform: ids made from addresses, coarse times, no compare-and-set, no answers worth the name. */
export const MAILISH: Traits = {
  ...PLAIN,
  id: "derived",
  secondary: true,
  version: "timestamp",
  perField: false,
  deletes: "absence",
  guard: "none",
  idempotent: "naturalKey",
  returnsItem: false,
  unique: true,
  overlap: 5,
}

const text = { type: ["string", "null"] } as const

export const ITEM_SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    uid: { type: "string", readOnly: true },
    email: text,
    name: text,
    phone: text,
    status: text,
    note: text,
    tags: { type: ["array", "null"], items: { type: "string" } },
    score: { type: ["number", "null"] },
  },
}

export function specOf(traits: Traits): ResourceSpec {
  const write: WriteSpec = {
    max: traits.max,
    atomic: "item",
    guard: traits.guard,
    idempotent: traits.idempotent,
    horizonMs: traits.horizonMs,
    unset: "null",
    returnsItem: traits.returnsItem,
  }
  return {
    name: "people",
    schema: ITEM_SCHEMA,
    id: { stable: traits.id === "stable", ...(traits.secondary ? { secondary: "uid" } : {}) },
    keys: [{ name: "email", paths: ["email"], unique: traits.unique }],
    normalises: traits.normalises,
    version: { kind: traits.version, resolutionMs: traits.version === "timestamp" ? 1000 : 1, perField: traits.perField },
    read: {
      snapshot: true,
      ...(traits.delta ? { delta: { kind: "sequence" as const } } : {}),
      ...(traits.lookup
        ? { lookup: { by: ["id", ...(traits.secondary ? ["secondary"] : []), ...(traits.keyLookup ? ["email"] : [])], max: 50 } }
        : {}),
      lagMs: { byId: 0, delta: traits.listsAfterMs },
      pageSize: traits.pageSize,
    },
    deletes: [traits.deletes],
    write: { create: write, update: write, ...(traits.canDelete ? { delete: { ...write, soft: traits.deletes === "flag" } } : {}) },
  }
}
