// What a simulated system can do: the shapes in which real APIs come, and the resource spec that says so to the engine.
import type { Json, JsonSchema, ResourceSpec, WriteSpec } from "@syncline/connector"
import type { Chance } from "./random.ts"

export interface Shape {
  /** `address`: made from the e-mail address, and changes with it. */
  readonly id: "opaque" | "address"
  readonly secondary: boolean
  /** An opaque id is given to the next new item once its own is deleted. */
  readonly reuses?: true
  readonly version: "revision" | "timestamp" | "etag" | "none"
  readonly resolutionMs: number
  readonly times: "field" | "item" | "none"
  readonly delta: "sequence" | "timestamp" | "none"
  readonly deletes: "tombstone" | "flag" | "absence"
  /** A deleted item answers a lookup with "gone", rather than "not found". */
  readonly saysGone: boolean
  readonly guard: "ifMatch" | "readCompare" | "none"
  readonly idempotent: "header" | "naturalKey" | "none"
  readonly keyTtlMs: number
  readonly horizonMs: number
  readonly unique: boolean
  readonly keyLookup: boolean
  readonly returnsItem: boolean
  readonly atomic: "item" | "batch"
  readonly normalises: Readonly<Record<string, readonly string[]>>
  /** The same, of what no spec has a word for. */
  readonly rewrites?: Readonly<Record<string, readonly string[]>>
  /** What a new item has at a path that was left out. */
  readonly defaults?: Readonly<Record<string, Json>>
  /** What is blank it does not show at all. */
  readonly leavesOut?: true
  /** There is a number beside the texts, and this is what the spec says of it. */
  readonly score?: JsonSchema
  /** It says what it does to values. */
  readonly declares: boolean
  readonly lagById: number
  readonly lagDelta: number
  readonly pageSize: number
  readonly max: number
  readonly total: boolean
  /** Offset of its clock against ours, ms. */
  readonly skewMs: number
}

export function drawShape(chance: Chance): Shape {
  const id = chance.weighted([
    [2, "opaque"],
    [1, "address"],
  ] as const)
  const unique = id === "address" || chance.is(0.4)
  const version = chance.of(["revision", "timestamp", "etag", "none"] as const)
  const resolutionMs = version === "timestamp" ? chance.of([1, 1000]) : 1
  const lag = chance.is(0.25)
  return {
    id,
    secondary: id === "address" && chance.is(0.7),
    version,
    resolutionMs,
    times: chance.of(["field", "item", "none"] as const),
    delta: chance.of(["sequence", "timestamp", "none"] as const),
    deletes: chance.of(["tombstone", "flag", "absence"] as const),
    saysGone: chance.is(0.5),
    guard:
      version === "revision" || version === "etag"
        ? chance.of(["ifMatch", "readCompare", "none"] as const)
        : chance.of(["readCompare", "none"] as const),
    idempotent: unique ? chance.of(["header", "naturalKey", "none"] as const) : chance.of(["header", "header", "none"] as const),
    keyTtlMs: 86_400_000,
    horizonMs: chance.of([0, 1000, 5000, 120_000]),
    unique,
    keyLookup: unique ? chance.is(0.8) : chance.is(0.3),
    returnsItem: chance.is(0.6),
    atomic: chance.is(0.8) ? "item" : "batch",
    normalises: {
      ...(id === "address" || chance.is(0.3) ? { email: ["trim", "lower"] } : {}),
      ...(chance.is(0.4) ? { name: ["trim"] } : {}),
      ...(chance.is(0.2) ? { note: ["truncate:6"] } : {}),
    },
    declares: chance.is(0.8),
    lagById: lag && chance.is(0.5) ? chance.of([200, 3000]) : 0,
    lagDelta: lag ? chance.of([500, 60_000]) : 0,
    pageSize: chance.of([2, 5, 100]),
    max: chance.of([1, 3, 50]),
    total: chance.is(0.5),
    skewMs: chance.weighted([
      [2, 0],
      [1, chance.int(-7_200_000, 7_200_000)],
    ]),
  }
}

const text = { type: ["string", "null"] } as const

const PROPERTIES: Readonly<Record<string, JsonSchema>> = {
  uid: { type: "string", readOnly: true },
  email: text,
  name: text,
  note: text,
  phone: text,
  stage: text,
  tags: { type: ["array", "null"], items: { type: "string" } },
}

export const ITEM_SCHEMA: JsonSchema = { type: "object", properties: PROPERTIES }

export function specOf(shape: Shape): ResourceSpec {
  const write: WriteSpec = {
    max: shape.max,
    atomic: shape.atomic,
    guard: shape.guard,
    idempotent: shape.idempotent === "header" ? "header" : "byId",
    keyTtlMs: shape.keyTtlMs,
    horizonMs: shape.horizonMs,
    unset: "null",
    returnsItem: shape.returnsItem,
  }
  return {
    name: "people",
    schema: shape.score === undefined ? ITEM_SCHEMA : { ...ITEM_SCHEMA, properties: { ...PROPERTIES, score: shape.score } },
    id: { stable: shape.id === "opaque" && shape.reuses !== true, ...(shape.secondary ? { secondary: "uid" } : {}) },
    keys: [{ name: "email", paths: ["email"], unique: shape.unique }],
    ...(shape.declares ? { normalises: shape.normalises } : {}),
    version: { kind: shape.version, resolutionMs: shape.resolutionMs, perField: shape.times === "field" },
    read: {
      snapshot: true,
      ...(shape.delta === "none" ? {} : { delta: { kind: shape.delta, overlapMs: overlapOf(shape) } }),
      lookup: { by: ["id", ...(shape.secondary ? ["secondary"] : []), ...(shape.keyLookup ? ["email"] : [])], max: 50 },
      lagMs: { byId: shape.lagById, delta: shape.lagDelta },
      pageSize: shape.pageSize,
    },
    deletes: [shape.deletes],
    write: {
      create: { ...write, guard: "none", idempotent: shape.idempotent },
      update: write,
      delete: { ...write, returnsItem: false, soft: shape.deletes === "flag" },
    },
  }
}

export const overlapOf = (shape: Shape): number => shape.lagDelta + 2 * shape.resolutionMs
