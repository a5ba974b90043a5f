// A resource as it was read -> what reading and writing run on: defaults filled in, references checked.
import { createHash } from "node:crypto"
import { didYouMean, entryOf, nearest, nodeAt, parseYaml, toJson, type Item, type Node, type Report } from "../../language/index.ts"
import { isObject, type Json, type JsonObject, type JsonSchema } from "../../json.ts"
import { canonicalText, segmentsOf, valueAt } from "../../value/index.ts"
import { byCode, recordOf, type LookupPart, type RecordRead, type ScanPart } from "../language/index.ts"
import type { KeyPart, ResourcePart, SchemaPart } from "../language/resource.ts"
import type { EdgeSpec, LookupSpec, RecordSpec, ResourcePlan, ScanSpec, Value } from "../spec/index.ts"
import type { CompileEnv } from "./compile.ts"
import { readBeside } from "./read-beside.ts"
import { isSoundSchema } from "./sound-schema.ts"

const DEFAULT_PAGE_SIZE = 100
/** 132 bits: two items never share one by chance. */
const HASH_LENGTH = 22
const MAX_DEPTH = 12

export function compileResource(item: Item<ResourcePart>, env: CompileEnv, report: Report): ResourcePlan | null {
  const fields = item.value?.fields
  if (fields === undefined) return null
  const schema = fields.schema === undefined ? null : compileSchema(fields.schema, env, report)
  if (fields.id === undefined || fields.read === undefined || schema === null) return null

  const { version: versionPart, deletes, write } = fields
  const version = versionPart?.fields
  const secondary = fields.id.secondary
  const isTime = version?.kind?.value === "timestamp"
  const base: RecordSpec = {
    id: fields.id.value,
    secondary: secondary === null ? null : (secondary.value ?? pathValue(secondary.path.value)),
    item: fields.item ?? WHOLE,
    version: version?.kind?.value === "hash" ? hashOf(fields.item ?? WHOLE) : (version?.value ?? null),
    at: fields.at ?? (isTime ? (version.value ?? null) : null),
    times: version?.times ?? null,
    deleted: deletes?.flag ?? null,
    soft: deletes?.flag == null ? null : (deletes.soft ?? ALWAYS),
    was: null,
    into: null,
  }
  if (secondary !== null) checkPath(secondary.path, schema, report, "the stable id")

  const { snapshot: snapshotPart, delta: deltaPart, lookup: lookupPart } = fields.read.fields
  const snapshot = snapshotPart === undefined ? null : scanOf(snapshotPart, null, base, report)
  const delta = deltaPart === undefined ? null : scanOf(deltaPart, snapshotPart ?? null, base, report)
  const tombstones = deletes?.tombstone == null ? null : tombstonesOf(deletes.tombstone, base, report)
  const nothing = snapshotPart === undefined && deltaPart === undefined
  if (nothing)
    report.error(
      fields.read.node.entries[0]?.keyAt ?? fields.read.at,
      `nothing says how "${item.key}" is read as a whole`,
      "add snapshot: or delta:",
    )

  const keys = (fields.keys ?? []).flatMap((key) => (key.value === undefined ? [] : [{ name: key.key, ...keyOf(key.value) }]))
  // A key that could not be read has been reported, and is a key all the same.
  const saidKeys = (fields.keys ?? []).map((key) => key.key)
  const lookups = (lookupPart ?? []).flatMap((lookup) => {
    const known = ["id", ...(secondary === null ? [] : ["secondary"]), ...saidKeys]
    if (!known.includes(lookup.key)) {
      report.error(lookup.keyAt, `"${lookup.key}" is neither id nor secondary nor a key of this resource`, didYouMean(lookup.key, known))
      return []
    }
    const by =
      lookup.key === "id"
        ? base.id
        : lookup.key === "secondary"
          ? base.secondary
          : (keys.find((key) => key.name === lookup.key)?.value ?? null)
    const spec = lookup.value === undefined || by === null ? null : lookupOf(lookup.key, lookup.value, by, base, report)
    return spec === null ? [] : [spec]
  })

  const writes = write?.fields
  const by = writes?.upsert?.by
  if (by != null && !saidKeys.includes(by))
    report.error(
      entryOf(write?.node, "upsert")?.keyAt ?? item.keyAt,
      `an upsert by "${by}", which is no key of this resource`,
      didYouMean(by, saidKeys),
    )

  const edges = (fields.edges ?? []).flatMap((edge): EdgeSpec[] => {
    checkPath({ value: edge.key, at: edge.keyAt }, schema, report, "an edge")
    return edge.value === undefined ? [] : [{ field: edge.key, ...edge.value }]
  })
  for (const path of fields.normalises ?? []) checkPath({ value: path.key, at: path.keyAt }, schema, report, "normalises")

  const snapshotLimit = snapshot?.maxLimit ?? null
  const deltaLimit = delta?.maxLimit ?? null
  const signs: ResourcePlan["deletes"] = [
    ...(tombstones !== null || (delta?.record.deleted != null && delta.record.deleted !== base.deleted) ? ["tombstone" as const] : []),
    ...(base.deleted === null ? [] : ["flag" as const]),
    ...(deletes?.webhook === true ? ["webhook" as const] : []),
    ...(deletes?.absence === true ? ["absence" as const] : []),
  ]
  return {
    name: item.key,
    for: fields.for?.value ?? null,
    schema,
    id: { stable: fields.id.stable, secondary: secondary?.path.value ?? null },
    keys,
    version: {
      // Equal or not is all that a hash can tell, as an ETag.
      kind: version?.kind?.value === "hash" ? "etag" : (version?.kind?.value ?? "none"),
      resolutionMs: version?.resolution ?? null,
      perField: version?.times !== undefined,
      header: version?.header?.value.toLowerCase() ?? null,
    },
    normalises: Object.fromEntries(
      (fields.normalises ?? []).map((each) => [each.key, (each.value?.items ?? []).map((word) => word.value)]),
    ),
    lagMs: { byId: fields.lag?.fields.byId ?? 0, delta: fields.lag?.fields.delta ?? 0 },
    pageSize:
      fields.pageSize?.value ??
      Math.min(snapshotLimit ?? deltaLimit ?? DEFAULT_PAGE_SIZE, deltaLimit ?? snapshotLimit ?? DEFAULT_PAGE_SIZE),
    paths: leavesOf(schema),
    record: base,
    snapshot,
    delta,
    tombstones,
    lookups,
    deletes: signs,
    write: Object.fromEntries(Object.entries(writes ?? {}).filter(([, spec]) => spec !== undefined)),
    edges,
    parent: parentOf(fields.parent?.fields),
  }
}

const WHOLE: Value = { run: (scope) => scope["rec"] ?? null, reads: ["rec"], source: "=rec" }
const NOTHING: Value = { run: () => NO_ITEM, reads: [], source: "" }
const NO_ITEM = {}
const ALWAYS = { run: () => true, reads: [], source: "true" }
const BODY: Value = {
  run: (scope) => (isObject(scope["res"]) ? (scope["res"]["body"] ?? null) : null),
  reads: ["res.body"],
  source: "=res.body",
}

/** Of what the item says, whatever the order of its keys. */
const hashOf = (item: Value): Value => ({
  run: (scope) =>
    createHash("sha256")
      .update(canonicalText(item.run(scope)))
      .digest("base64url")
      .slice(0, HASH_LENGTH),
  reads: item.reads,
  source: "hash",
})

function pathValue(path: string): Value {
  const segments = segmentsOf(path)
  return {
    run: (scope) => (isObject(scope["rec"]) ? valueAt(scope["rec"], segments) : null),
    reads: [`rec.${path}`],
    source: `=rec.${path}`,
  }
}

const parentOf = (part: NonNullable<ResourcePart["fields"]["parent"]>["fields"] | undefined): ResourcePlan["parent"] =>
  part?.resource === undefined ? null : { resource: part.resource.value, field: part.field?.value ?? null }

const keyOf = (part: KeyPart) => ({
  unique: part.unique,
  value: part.value,
  paths: part.paths ?? (part.value.reads ?? []).filter((read) => read.startsWith("rec.")).map((read) => read.slice("rec.".length)),
})

/** A scan; what a delta leaves unsaid is as in the snapshot. */
function scanOf(part: ScanPart, like: ScanPart | null, base: RecordSpec, report: Report): ScanSpec | null {
  const { fields, node } = part
  const from = like?.fields
  const at = node.entries[0]?.keyAt ?? part.at
  const code = fields.code ?? from?.code
  const request = code === undefined ? (fields.request ?? from?.request) : byCode(code)
  const said = (name: string): boolean => [node, like?.node].some((each) => entryOf(each, name) !== undefined)
  if (request === undefined && !said("request")) report.error(at, 'a scan lacks "request"', "add request: GET /…")
  const records = fields.records ?? from?.records ?? (said("records") ? undefined : BODY)
  if (request === undefined || records === undefined) return null
  const cursor = "cursor" in fields ? ((fields.cursor as ScanSpec["cursor"] | undefined) ?? null) : null
  const inherited: RecordRead | null = from ?? null
  return {
    request,
    records,
    next: fields.next ?? from?.next ?? { kind: "none", more: null },
    record: recordOf(fields, inherited === null ? base : recordOf(inherited, base)),
    keep: fields.keep ?? from?.keep ?? null,
    // how many match a delta says nothing of how many there are
    total: fields.total ?? (cursor === null ? from?.total : null) ?? null,
    asOf: fields.asOf ?? from?.asOf ?? null,
    maxLimit: fields.limit?.value ?? from?.limit?.value ?? null,
    cursor,
    count: "count" in fields ? ((fields.count as ScanSpec["count"] | undefined) ?? null) : null,
  }
}

/** A feed of deletes: every record is one, unless it says which are, and nobody looks for an item in it. */
function tombstonesOf(part: ScanPart, base: RecordSpec, report: Report): ScanSpec | null {
  const scan = scanOf(part, null, base, report)
  const { deleted, soft } = part.fields
  return scan && { ...scan, record: { ...scan.record, item: NOTHING, deleted: deleted ?? ALWAYS, soft: soft ?? null } }
}

function lookupOf(by: string, { fields, node, at }: LookupPart, key: Value, base: RecordSpec, report: Report): LookupSpec | null {
  const request = fields.code === undefined ? fields.request : byCode(fields.code)
  if (request === undefined) {
    const said = ["request", "code"].some((name) => entryOf(node, name) !== undefined)
    if (!said) report.error(node.entries[0]?.keyAt ?? at, 'a lookup lacks "request"', "add request: GET /contacts/{value}")
    return null
  }
  return {
    by,
    max: fields.max?.value ?? 1,
    request,
    records: fields.records ?? BODY,
    record: recordOf(fields, base),
    key: fields.key ?? key,
    fold: fields.fold?.value ?? (by !== "id" && by !== "secondary"),
  }
}

function compileSchema(part: SchemaPart, env: CompileEnv, report: Report): JsonSchema | null {
  if (part.kind === "inline") return usable(part.node, report)
  const file = readBeside(env, part.path.value, part.path.at, report)
  if (file === null) return null
  // JSON is YAML, apart from tabs in indentation.
  const node = parseYaml(file.path, file.path.endsWith(".json") ? file.text.replaceAll("\t", " ") : file.text, report)
  return node === null ? null : usable(node, report)
}

/** A sound schema of an object with properties. */
function usable(node: Node, report: Report): JsonSchema | null {
  const schema = toJson(node)
  if (!isSoundSchema(node, report)) return null
  if (!isObject(schema)) {
    report.error(node.at, "expected a JSON Schema as a mapping")
    return null
  }
  const properties = schema["properties"]
  if (schema["type"] !== "object" || !isObject(properties)) {
    report.error(
      entryOf(node, "type")?.value.at ?? nodeAt(node, []).at,
      "an item is an object: its schema needs type: object and properties",
      null,
    )
    return null
  }
  return schema
}

/** A path that the schema lacks is a mistake where one of its own names is near. */
function checkPath(
  path: { readonly value: string; readonly at: Parameters<Report["error"]>[0] },
  schema: JsonSchema,
  report: Report,
  what: string,
): void {
  let here: Json | undefined = schema
  for (const segment of segmentsOf(path.value)) {
    const properties: Json | undefined = isObject(here) ? here["properties"] : undefined
    if (!isObject(properties)) return
    if (!Object.hasOwn(properties, segment)) {
      const known = Object.keys(properties)
      const hint = nearest(segment, known)
      report.error(
        path.at,
        `${what} stands at "${path.value}", which the schema lacks`,
        hint === null ? "add it to the schema" : `did you mean "${hint}"?`,
      )
      return
    }
    here = properties[segment]
  }
}

/** Every leaf that a schema names. */
function leavesOf(schema: JsonObject, prefix = "", depth = 0): readonly string[] {
  const properties = schema["properties"]
  if (!isObject(properties) || depth > MAX_DEPTH) return prefix === "" ? [] : [prefix]
  return Object.entries(properties).flatMap(([name, below]) =>
    leavesOf(isObject(below) ? below : {}, prefix === "" ? name : `${prefix}.${name}`, depth + 1),
  )
}
