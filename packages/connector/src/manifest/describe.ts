// What a manifest promises, in the terms of the contract.
import type { Description, ResourceSpec, WriteKind, WriteSpec } from "../contract.ts"
import type { JsonObject } from "../json.ts"
import { instancesOf } from "./instances.ts"
import type { Manifest, ResourcePlan, WireSpec } from "./spec/index.ts"

/** Operations of one push that go out one by one, side by side as far as the limits allow. */
const SINGLES = 20

export const describe = (manifest: Manifest, config: JsonObject): Description => ({
  title: manifest.title,
  resources: instancesOf(manifest, config).map(({ plan }) => resourceOf(plan)),
})

function resourceOf(plan: ResourcePlan): ResourceSpec {
  const { id, version, delta } = plan
  const by = plan.lookups.map((lookup) => lookup.by)
  return {
    name: plan.name,
    schema: plan.schema,
    id: { stable: id.stable, ...(id.secondary === null ? {} : { secondary: id.secondary }) },
    keys: plan.keys.map(({ name, paths, unique }) => ({ name, paths, unique })),
    ...(Object.keys(plan.normalises).length === 0 ? {} : { normalises: plan.normalises }),
    version: {
      kind: version.kind,
      ...(version.resolutionMs === null ? {} : { resolutionMs: version.resolutionMs }),
      ...(version.perField ? { perField: true } : {}),
    },
    read: {
      snapshot: plan.snapshot !== null,
      ...(delta?.cursor == null ? {} : { delta: deltaOf(delta.cursor) }),
      ...(by.length === 0 ? {} : { lookup: { by, max: Math.max(SINGLES, ...plan.lookups.map((lookup) => lookup.max)) } }),
      lagMs: plan.lagMs,
      pageSize: plan.pageSize,
    },
    deletes: plan.deletes,
    write: writesOf(plan),
  }
}

function deltaOf(cursor: NonNullable<NonNullable<ResourcePlan["delta"]>["cursor"]>): NonNullable<ResourceSpec["read"]["delta"]> {
  if (cursor.kind === "etag") return { kind: "etag" }
  const ttl = cursor.ttlMs === null ? {} : { ttlMs: cursor.ttlMs }
  if (cursor.kind !== "timestamp") return { kind: cursor.kind, ...ttl }
  return { kind: "timestamp", overlapMs: cursor.overlapMs, ...(cursor.maxWindow === null ? {} : { maxWindow: cursor.maxWindow }), ...ttl }
}

/** A create that is missing is an upsert. */
function writesOf(plan: ResourcePlan): Partial<Record<WriteKind, WriteSpec>> {
  const { create, update, upsert } = plan.write
  const kinds: [WriteKind, WireSpec | undefined][] = [
    ["create", create ?? upsert],
    ["update", update ?? upsert],
    ["delete", plan.write.delete],
  ]
  // what is linked beside the item's own write is not in its answer
  const whole = (kind: WriteKind): boolean =>
    plan.edges.every(({ inline }) => inline === "always" || (inline === "create" && kind === "create"))
  return Object.fromEntries(kinds.flatMap(([kind, wire]) => (wire === undefined ? [] : [[kind, writeOf(wire, whole(kind))]])))
}

function writeOf(wire: WireSpec, whole: boolean): WriteSpec {
  const { batch, single } = wire
  const returnsItem =
    whole && [single?.ok, batch?.ok].every((ok) => ok === undefined || ok.record !== null) && (single !== null || batch !== null)
  return {
    max: batch?.max ?? SINGLES,
    atomic: batch?.atomic ?? "item",
    guard: wire.guard,
    idempotent: wire.idempotent,
    ...(wire.keyTtlMs === null ? {} : { keyTtlMs: wire.keyTtlMs }),
    ...(wire.horizonMs === null ? {} : { horizonMs: wire.horizonMs }),
    unset: wire.unset,
    returnsItem,
    ...(wire.soft ? { soft: true } : {}),
  }
}
