// Writing: guarantees that nothing in a request brings about, and creates that cannot be told from their repetition.
import type { Report, Span } from "../../language/index.ts"
import type { RequestSpec, ResourcePlan, WireKind, WireSpec } from "../spec/index.ts"
import type { Find } from "./place.ts"
import { uses } from "./uses.ts"

type At = (...keys: readonly string[]) => Span

export function lintWrites(plan: ResourcePlan, find: Find, report: Report): void {
  for (const [kind, wire] of Object.entries(plan.write)) {
    const at: At = (...keys) => find("resources", plan.name, "write", kind, ...keys)
    if (isKind(kind)) lintOperation(kind, wire, plan, at, report)
  }
  for (const edge of plan.edges) {
    const at = find("resources", plan.name, "edges", edge.field)
    if (edge.link !== null && edge.unlink === null && edge.replace === null)
      report.warning(at, "elements of this list can be added and never be taken away", "add unlink: or replace:")
    if (edge.link === null && edge.unlink !== null && edge.replace === null)
      report.warning(at, "elements of this list can be taken away and never be added", "add link: or replace:")
  }
}

const isKind = (kind: string): kind is WireKind => kind === "create" || kind === "update" || kind === "upsert" || kind === "delete"

const lookupBy = (plan: ResourcePlan, by: string): boolean => plan.lookups.some((lookup) => lookup.by === by)
const uniqueKeys = (plan: ResourcePlan): readonly string[] => plan.keys.filter((key) => key.unique).map((key) => key.name)

function lintOperation(kind: WireKind, wire: WireSpec, plan: ResourcePlan, at: At, report: Report): void {
  const { single, batch } = wire
  const requests = [single?.request, batch?.request].filter((request): request is RequestSpec => request?.code === null)
  const says = (...names: readonly string[]): boolean =>
    requests.some((request) => names.some((name) => uses(request, name))) || wireSays(wire, names)
  if (batch !== null && batch.request.code === null && !uses(batch.request, "items") && !uses(batch.request, "ops"))
    report.error(
      at("batch", "request"),
      "the request of the batch says neither items nor ops: it would send none of the operations",
      "put =items into its body",
    )
  if (
    (kind === "update" || kind === "delete") &&
    requests.length > 0 &&
    !says("op.id", "op.secondary", "op.item", "op.seen", "op.present", "ops")
  )
    report.warning(at(), `nothing in this ${kind} says whom it is about`, "put {op.id} into the path, or id: =op.id into wire")
  if (wire.idempotent === "header" && requests.length > 0 && !says("op.key", "ops"))
    report.error(at("idempotent"), "idempotent: header, but no request sends op.key", "add headers: { idempotency-key: =op.key }")
  if (wire.idempotent === "naturalKey" && uniqueKeys(plan).length === 0)
    report.error(
      at("idempotent"),
      "idempotent: naturalKey, but this resource has no unique key",
      "add it to keys:, or say idempotent: none",
    )
  if (wire.guard === "ifMatch" && requests.length > 0 && !says("op.version", "ops"))
    report.error(at("guard"), "guard: ifMatch, but no request sends op.version", "add headers: { if-match: =op.version }")
  if (wire.guard !== "none" && plan.version.kind === "none" && wire.guard === "ifMatch")
    report.error(at("guard"), "guard: ifMatch needs a version, and this resource has none", "add version:")
  if (wire.guard === "readCompare" && !lookupBy(plan, "id"))
    report.error(
      at("guard"),
      "guard: readCompare reads each item before it writes, and this resource has no lookup by id",
      "add read.lookup.id",
    )
  if (kind === "upsert" && wire.by !== null && plan.keys.some((key) => key.name === wire.by && !key.unique))
    report.error(at("by"), `an upsert by "${wire.by}", which is not unique: it could hit anybody`, "upsert by a unique key")
  if (kind === "create") lintCreate(wire, plan, at, report)
  const back = [single?.ok.record, batch?.ok.record].some((record) => record != null)
  if (kind !== "delete" && !back && !lookupBy(plan, "id"))
    report.warning(
      at(),
      "the answer holds no record and there is no lookup by id: nobody can see what became of a write",
      "add ok: { record: … }, or read.lookup.id",
    )
}

function wireSays(wire: WireSpec, names: readonly string[]): boolean {
  const reads = wire.wire?.reads ?? []
  return names.some((name) => reads.some((read) => read === name || read === "op" || read.startsWith(`${name}.`)))
}

function lintCreate(wire: WireSpec, plan: ResourcePlan, at: At, report: Report): void {
  for (const [part, ok] of [
    ["ok", wire.single?.ok],
    ["batch", wire.batch?.ok],
  ] as const)
    if (ok != null && ok.id === null && ok.record === null)
      report.error(at(part), "the answer to a create has to say the new id", "add id: =res.body.id, or record: =res.body")
  // Where it is written down, it is known.
  if (wire.idempotent !== "none" || at("idempotent") !== at()) return
  if (!uniqueKeys(plan).some((key) => lookupBy(plan, key)))
    report.warning(
      at(),
      "a create without an answer can neither be repeated nor found again: each one would wait for a person",
      "say idempotent: header, or add a unique key and a lookup by it; or idempotent: none, if that is how it is",
    )
}
