// What a connector says of itself: the same every time, in JSON, without a call, and without contradicting itself.
import type { JsonObject, JsonSchema, ResourceSpec } from "@syncline/connector"
import { Ajv2020 } from "ajv/dist/2020.js"
import { type Check, must } from "../check.ts"
import { canMake, make } from "../stand/items.ts"
import { KNOWN_STEP, same } from "../stand/paths.ts"
import { scan } from "../stand/scan.ts"
import type { Stand } from "../stand/stand.ts"
import { isObject } from "@syncline/connector"
import { faultOf, mustBe } from "./rejected.ts"

const stable: Check = {
  name: "describe-stable",
  area: "describe",
  says: "its description is the same every time, is plain JSON, and makes no call",
  scope: "system",
  needs: [],
  run: async ({ definition, config, session }) => {
    const before = session.wire?.log.length ?? 0
    const [one, two] = [definition.describe(config), definition.describe(structuredClone(config))]
    must(JSON.stringify(one) === JSON.stringify(two), "two descriptions of one configuration differ")
    must(same(JSON.parse(JSON.stringify(one)), one as unknown as JsonObject), "the description does not survive JSON")
    must(
      JSON.stringify(definition.http(config)) === JSON.stringify(definition.http(config)),
      "two settings of the HTTP client for one configuration differ",
    )
    must((session.wire?.log.length ?? 0) === before, "describing makes a call")
    must(one.title.trim() !== "", "it has no title")
    must(one.resources.length > 0, "it describes no resource")
    const names = one.resources.map(({ name }) => name)
    must(new Set(names).size === names.length, "two resources have one name")
  },
}

const schema: Check = {
  name: "schema-valid",
  area: "describe",
  says: "its schema is a JSON Schema, and the items that it reads fit it",
  scope: "resource",
  needs: [],
  run: async (stand) => {
    const { spec, connector, session } = stand
    const validate = compile(spec.schema)
    if (canMake(stand)) await make(stand, 2)
    const mode = spec.read.snapshot ? "snapshot" : "delta"
    const { changes } = session.cursors.has(stand.resource)
      ? await connector.pull(stand.resource, { mode, cursor: null, limit: spec.read.pageSize })
      : await scan(stand, connector, mode, null)
    for (const change of changes) {
      if (change.kind !== "upsert") continue
      must(validate(change.item) === true, () => `the item ${change.id} does not fit the schema: ${sayErrors(validate.errors)}`)
    }
  },
}

const compile = (schema: JsonSchema) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false })
  try {
    return ajv.compile(schema)
  } catch (error) {
    must(false, `the schema is no JSON Schema: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const sayErrors = (errors: readonly { instancePath: string; message?: string }[] | null | undefined): string =>
  (errors ?? []).map(({ instancePath, message = "" }) => `${instancePath === "" ? "it" : instancePath} ${message}`).join("; ")

const declared: Check = {
  name: "declarations-agree",
  area: "describe",
  says: "what it declares does not contradict itself",
  scope: "resource",
  needs: [],
  run: async ({ spec, definition, config }) => {
    for (const [fact, words] of contradictions(spec)) must(!fact, words)
    const properties = definition.configSchema["properties"]
    for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
      if (!/token|secret|password|api_?key|private_?key/i.test(name) || /url|uri|header|name|id$|expires/i.test(name)) continue
      must(
        !(typeof config[name] === "string") || (isObject(property) && property["writeOnly"] === true),
        `the setting ${name} looks like a secret and is not marked writeOnly, so it would be shown`,
      )
    }
  },
}

const contradictions = (spec: ResourceSpec): readonly (readonly [wrong: boolean, words: string])[] => {
  const { read, write, version, deletes, keys } = spec
  const kinds = Object.entries(write)
  const { lookup, delta } = read
  const names = keys.map(({ name }) => name)
  const known = (path: string): boolean => pathInSchema(spec.schema, path.split("."))
  return [
    [!read.snapshot && delta === undefined, "it declares neither a snapshot nor a delta: nothing can be read"],
    [
      deletes.includes("absence") && !read.snapshot,
      "it declares deletes by absence without a snapshot: what a delta does not name is not gone",
    ],
    [read.pageSize < 1 || (lookup !== undefined && lookup.max < 1), "a page, or a lookup, of less than one item"],
    [read.lagMs.byId < 0 || read.lagMs.delta < 0, "a negative lag"],
    ...(lookup?.by ?? []).map(
      (by) => [by !== "id" && by !== "secondary" && !names.includes(by), `it declares a lookup by ${by}, which is no key`] as const,
    ),
    [
      lookup?.by.includes("secondary") === true && spec.id.secondary === undefined,
      "it declares a lookup by a secondary id that it does not have",
    ],
    [
      delta?.kind === "timestamp" && (version.resolutionMs ?? 1) > 1 && delta.overlapMs === undefined,
      `times of ${version.resolutionMs ?? 1} ms and a delta without overlap: what changes late in a tick is lost`,
    ],
    [spec.id.secondary !== undefined && !known(spec.id.secondary), `the schema does not know the secondary id ${spec.id.secondary ?? ""}`],
    ...keys.flatMap(({ name, paths }) =>
      paths.map((path) => [!known(path), `the schema does not know ${path} of the key ${name}`] as const),
    ),
    ...Object.entries(spec.normalises ?? {}).flatMap(([path, steps]) => [
      [!known(path), `it declares to normalise ${path}, which the schema does not know`] as const,
      ...steps.map(
        (step) =>
          [!KNOWN_STEP.test(step), `it declares to normalise ${path} by "${step}"; known are trim, lower, upper, nfc, truncate:N`] as const,
      ),
    ]),
    ...kinds.flatMap(([kind, each]) => [
      [each.max < 1, `it declares a ${kind} of less than one item`] as const,
      [each.guard === "ifMatch" && version.kind === "none", `it declares compare-and-set for ${kind}, and no versions to compare`] as const,
      [
        kind === "create" && each.idempotent === "naturalKey" && !keys.some(({ unique }) => unique),
        "it declares that a create is repeated harmlessly by its natural key, and no unique key",
      ] as const,
      [
        kind === "create" && each.idempotent === "byId",
        "it declares that a create is repeated harmlessly by its id, which is not known before",
      ] as const,
    ]),
  ]
}

/** What a schema leaves open is known. */
const pathInSchema = (schema: JsonSchema, [first, ...rest]: readonly string[]): boolean => {
  if (first === undefined) return true
  const properties = schema["properties"]
  const property = isObject(properties) ? properties[first] : undefined
  if (isObject(property)) return pathInSchema(property, rest)
  if (property === true) return true
  const more = schema["additionalProperties"]
  return (
    !isObject(properties) ||
    (isObject(more) ? pathInSchema(more, rest) : more === true) ||
    "$ref" in schema ||
    "allOf" in schema ||
    "anyOf" in schema ||
    "oneOf" in schema
  )
}

const unknownResource: Check = {
  name: "unknown-resource",
  area: "describe",
  says: "a resource that it does not have is an invalid call, not a crash",
  scope: "system",
  needs: [],
  run: async ({ connector, spec }: Stand) => {
    const mode = spec.read.snapshot ? "snapshot" : "delta"
    const pulled = await faultOf(
      () => connector.pull("no-such-resource", { mode, cursor: null, limit: 10 }),
      "reading a resource that does not exist",
    )
    mustBe(pulled, ["invalid", "notFound"], "reading a resource that does not exist")
  },
}

export const describeChecks: readonly Check[] = [stable, schema, declared, unknownResource]
