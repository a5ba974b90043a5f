// A path that lists items, with the path of one of them -> the plan of a resource.
import { isObject, type JsonObject, type JsonSchema } from "@syncline/connector"
import type { ResourcePlan } from "../api-plan.ts"
import { hasHeader, listAt, objectAt, type Operation, type Path } from "./document.ts"
import { limitOf, modifiedOf, pagingOf, sinceOf } from "./paging.ts"
import { freeTexts, objectOf, sampleOf } from "./sample.ts"
import { is, propertiesOf, schemaOf } from "./schema.ts"

export interface Collection {
  readonly list: Path
  readonly get: Operation
  /** `/people/{id}`, where there is one. */
  readonly one: Path | null
}

const PARAMETER = /\{([^}/]+)\}/g

export const collectionsOf = (paths: readonly Path[]): readonly Collection[] =>
  paths.flatMap((list) => {
    const { get } = list.operations
    if (get?.answer == null || list.path.endsWith("}") || recordsIn(schemaOf(get.answer)) === null) return []
    const one = paths.find(({ path }) => path.startsWith(`${list.path}/{`) && /^\/\{[^}/]+\}$/.test(path.slice(list.path.length))) ?? null
    return [{ list, get, one }]
  })

interface Records {
  readonly at: string
  readonly schema: JsonSchema
}

const USUAL = ["data", "items", "results", "records", "values", "entries", "content", "list", "rows"]

/** The list of objects in an answer: the answer itself, or a member of it with a usual name or the only one. */
const recordsIn = (schema: JsonSchema, name = "", depth = 0): Records | null => {
  if (is(schema, "array")) return is(objectAt(schema, "items"), "object") ? { at: "", schema: objectAt(schema, "items") } : null
  const lists = propertiesOf(schema).filter(([, property]) => is(property, "array") && is(objectAt(property, "items"), "object"))
  const found =
    lists.find(([key]) => key === name) ??
    lists.find(([key]) => USUAL.includes(key.toLowerCase())) ??
    (lists.length === 1 ? lists[0] : undefined)
  if (found !== undefined) return { at: found[0], schema: objectAt(found[1], "items") }
  if (depth > 0) return null
  for (const [key, property] of propertiesOf(schema)) {
    const inner = is(property, "object") ? recordsIn(property, name, depth + 1) : null
    if (inner !== null) return { at: `${key}.${inner.at}`, schema: inner.schema }
  }
  return null
}

export const nameOf = (path: string): string =>
  (path.split("/").findLast((part) => part !== "" && !part.startsWith("{")) ?? "items")
    .replace(/\.\w+$/, "")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[^A-Za-z]+/, "") || "items"

/** One member around an item: `{ data: { … } }`. */
const envelopeOf = (schema: JsonSchema, name: string): { readonly at: string; readonly schema: JsonSchema } => {
  const members = propertiesOf(schema)
  const objects = members.filter(([, property]) => is(property, "object"))
  const [key, inner] =
    objects.find(([each]) => ["data", "item", "result", name, name.replace(/s$/, ""), name.replace(/ies$/, "y")].includes(each)) ?? []
  const wraps = key !== undefined && inner !== undefined && !members.some(([each]) => /^_?id$/.test(each)) && propertiesOf(inner).length > 0
  return wraps ? { at: key, schema: inner } : { at: "", schema }
}

export function resourceOf({ list, get, one }: Collection, name: string): ResourcePlan | null {
  const records = recordsIn(schemaOf(get.answer ?? {}), nameOf(list.path))
  if (records === null) return null
  const single = one?.operations.get?.answer ?? one?.operations.patch?.answer ?? list.operations.post?.answer ?? null
  const envelope = envelopeOf(schemaOf(single ?? {}), nameOf(list.path))
  const seen = propertiesOf(envelope.schema).length >= propertiesOf(records.schema).length ? envelope.schema : records.schema
  const parameter = one?.path.match(/\{([^}/]+)\}$/)?.[1] ?? ""
  const id = idOf(seen, parameter, name)
  if (id === null) return null
  const modified = modifiedOf(seen)
  const versionField =
    propertiesOf(seen).find(([each, property]) => /^(?:version|revision|rev|lock_?version)$/i.test(each) && is(property, "integer"))?.[0] ??
    null
  const { post } = list.operations
  const { patch, put, delete: gone } = one?.operations ?? {}
  const update = patch ?? put ?? null
  const sent = envelopeOf(schemaOf(post?.request ?? update?.request ?? {}), nameOf(list.path))
  const writable = propertiesOf(sent.schema).map(([each]) => each)
  const readOnly = propertiesOf(seen).flatMap(([each, property]) =>
    property["readOnly"] === true ||
    each === id ||
    each === modified ||
    each === versionField ||
    (writable.length > 0 && !writable.includes(each))
      ? [each]
      : [],
  )
  const { limit, sure } = limitOf(get)
  const since = sinceOf(get, modified)
  const item = objectOf(sent.schema, 0, readOnly)
  const texts = freeTexts(sent.schema, readOnly)
  const [text = null, other = null] = texts
  const email =
    propertiesOf(seen).find(([each, property]) => /^(?:e-?mail(?:_?address)?|mail)$/i.test(each) && is(property, "string"))?.[0] ?? null
  const unique = post?.statuses.includes("409") === true && email !== null && writable.includes(email)
  const compares = [update, gone].some((operation) => operation != null && hasHeader(operation, /^if-match$/i) !== null)
  const schema = filled(seen, item, [id, modified, versionField])
  const canSend = post?.request != null && writable.length > 0
  return {
    name,
    schema,
    path: list.path.replace(
      PARAMETER,
      (_, each: string) =>
        `{config.${each.replace(/[^A-Za-z0-9]+(.)?/g, (__, letter: string | undefined) => letter?.toUpperCase() ?? "")}}`,
    ),
    recordsAt: records.at,
    itemAt: envelope.at,
    bodyAt: sent.at,
    id,
    idType: is(objectAt(seen, "properties", id), "integer") || is(objectAt(seen, "properties", id), "number") ? "number" : "text",
    paging: pagingOf(get, records.at),
    limit,
    since,
    deletedFlag: null,
    version:
      versionField !== null ? { kind: "revision", field: versionField } : modified !== null ? { kind: "timestamp", field: modified } : null,
    modified,
    lookup: one?.operations.get !== undefined,
    keys: email === null ? [] : [{ name: email, unique: unique ? true : "unknown" }],
    create: canSend && one?.operations.get !== undefined ? { idempotencyHeader: hasHeader(post, /idempotency/i) } : null,
    update:
      update?.request == null || !canSend
        ? null
        : { method: patch === undefined ? "PUT" : "PATCH", ifMatch: compares && versionField !== null },
    remove: gone === undefined ? null : { ifMatch: compares && versionField !== null },
    readOnly,
    item,
    edit: text === null || update === null ? null : { [text]: "Edited {unique}" },
    text,
    clear: other,
    invalid: text === null ? null : { [text]: 5 },
    decide: {
      ...(/\{/.test(list.path)
        ? {
            resource: `it is read below one ${[...list.path.matchAll(PARAMETER)].map(([, each]) => each).join(" and ")}, a setting; to read it below all of them, say parent`,
          }
        : {}),
      ...(email === null
        ? {}
        : {
            keys: unique
              ? `a create may be answered 409: is ${email} what has to be unique?`
              : `can two items have the same ${email}? If not: unique: true`,
          }),
      ...(versionField === null && modified === null
        ? { version: "how does one see that an item changed? A number that rises, a time, an ETag" }
        : {}),
      ...(sure ? {} : { snapshot: `how many items can a page hold at most? The document does not say; here ${limit?.max ?? 50}` }),
      ...(since === null
        ? {
            delta:
              "can one ask for what changed since? delta: { cursor: { kind: timestamp, of: =rec.updated_at, overlap: 5s }, request: … }; without it everything is read every time",
          }
        : {
            delta: `does ${since.to} include its very instant, how fine are the times, and does it list what was deleted? (deleted: =rec.deleted)`,
          }),
      deletes: "how does one see that an item was deleted? Here: it is missing from a complete snapshot",
      ...(hasCreateKey(post)
        ? {}
        : {
            create:
              "does the API know a key for retries, or refuse what is there already? Without either a create that got no answer goes to a person",
          }),
      ...(update === null
        ? {}
        : {
            update: [
              compares && versionField === null
                ? "the API compares by If-Match, but items do not show their tag: here a reading just before compares instead"
                : "may an edit of others in between be run over? Here it is compared with",
              ...(patch === undefined ? ["PUT replaces the whole item: is all that it needs among the fields?"] : []),
            ].join("; "),
          }),
    },
  }
}

const hasCreateKey = (post: Operation | undefined): boolean => post !== undefined && hasHeader(post, /idempotency/i) !== null

const idOf = (schema: JsonSchema, parameter: string, name: string): string | null => {
  const names = propertiesOf(schema).map(([each]) => each)
  const bare = parameter.toLowerCase().replace(/[^a-z0-9]/g, "")
  const singular = name.replace(/ies$/, "y").replace(/s$/, "").toLowerCase()
  return (
    ["id", "_id", "uuid", "guid"].find((each) => names.includes(each)) ??
    names.find((each) => each.toLowerCase().replace(/[^a-z0-9]/g, "") === bare && bare !== "") ??
    names.find((each) => each.toLowerCase().replace(/[^a-z0-9]/g, "") === `${singular}id`) ??
    names.find((each) => ["key", "slug", "code", "name"].includes(each) && `{${each}}` === `{${parameter}}`) ??
    null
  )
}

/** Required members that nobody sends are the system's to fill in; of the others those stay that every item is sure to have. */
const filled = (schema: JsonSchema, item: JsonObject, own: readonly (string | null)[]): JsonSchema => {
  const required = listAt(schema, "required").filter(
    (each) => typeof each === "string" && (each in item || own.includes(each) || isFillable(schema, each)),
  )
  return { type: "object", ...schema, ...(required.length === 0 ? { required: [] } : { required }) }
}

const isFillable = (schema: JsonSchema, name: string): boolean => isObject(objectAt(schema, "properties")[name])

/** What a stand-in gives an item of which nobody sent it. */
export const defaultsOf = (resource: Pick<ResourcePlan, "schema" | "item">): JsonObject =>
  Object.fromEntries(
    listAt(resource.schema, "required").flatMap((name) =>
      typeof name !== "string" || name in resource.item
        ? []
        : [[name, sampleOf(name, objectAt(resource.schema, "properties", name))] as const],
    ),
  )
