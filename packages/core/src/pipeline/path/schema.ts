// What a JSON Schema says about a dotted path: whether it exists, which kinds of value it may hold, which names stand beside it.
import type { JsonSchema } from "@syncline/connector"
import type { Json, JsonObject } from "../../model/value.ts"
import { ANY_KIND, type Kind, type Kinds } from "../lens/lens.ts"
import { segmentsOf } from "../../model/path.ts"

/** Schemas refer to themselves; this deep nobody maps. */
const MAX_DEPTH = 12
const MAX_PATHS = 400

export interface PathFacts {
  readonly kinds: Kinds
  readonly nullable: boolean
  readonly readOnly: boolean
  /** A secret. */
  readonly writeOnly: boolean
  /** All values it may hold, where the schema lists them. */
  readonly values: readonly Json[] | null
  /** `false`: the schema does not name it, but leaves room for it. */
  readonly declared: boolean
}

/** `null`: the schema has no such path. */
export function factsAt(schema: JsonSchema, path: string): PathFacts | null {
  let here: readonly JsonObject[] = variants(schema, schema, 0)
  let declared = true
  let readOnly = false
  let writeOnly = false
  for (const segment of segmentsOf(path)) {
    const next: JsonObject[] = []
    for (const variant of here) {
      const properties = objectOf(variant["properties"])
      if (properties !== null && Object.hasOwn(properties, segment)) {
        const property = objectOf(properties[segment])
        next.push(...(property === null ? [{}] : variants(schema, property, 0)))
      } else if (variant["additionalProperties"] === true || objectOf(variant["additionalProperties"]) !== null) {
        declared = false
        next.push(...variants(schema, objectOf(variant["additionalProperties"]) ?? {}, 0))
      } else if (isOpen(variant)) {
        declared = false
        next.push({})
      }
    }
    if (next.length === 0) return null
    here = next
    readOnly ||= here.some((variant) => variant["readOnly"] === true)
    writeOnly ||= here.some((variant) => variant["writeOnly"] === true)
  }
  const kinds = here.map(kindsOf)
  const values = here.map(valuesOf)
  return {
    kinds: [...new Set(kinds.flat())],
    nullable: here.some((variant) => typesOf(variant).includes("null") || typesOf(variant).length === 0),
    readOnly,
    writeOnly,
    values: values.some((list) => list === null) ? null : values.flatMap((list) => list ?? []).filter((value) => value !== null),
    declared,
  }
}

/** Every path that the schema names, leaves and branches, for hints. */
export function pathsOf(schema: JsonSchema): readonly string[] {
  const paths: string[] = []
  const walk = (node: JsonObject, prefix: string, depth: number): void => {
    if (depth > MAX_DEPTH) return
    for (const variant of variants(schema, node, 0)) {
      const properties = objectOf(variant["properties"]) ?? {}
      for (const name of Object.keys(properties)) {
        const path = prefix === "" ? name : `${prefix}.${name}`
        if (paths.length >= MAX_PATHS) return
        if (!paths.includes(path)) paths.push(path)
        const below = objectOf(properties[name])
        if (below !== null) walk(below, path, depth + 1)
      }
    }
  }
  walk(schema, "", 0)
  return paths
}

/** A schema with its references and alternatives unfolded. */
function variants(root: JsonObject, schema: JsonObject, depth: number): readonly JsonObject[] {
  if (depth > MAX_DEPTH) return [{}]
  const ref = schema["$ref"]
  const branches: JsonObject[] = []
  if (typeof ref === "string") {
    const target = ref.startsWith("#") ? pointer(root, ref.slice(1)) : null
    branches.push(...(target === null ? [{}] : variants(root, target, depth + 1)))
  }
  for (const word of ["anyOf", "oneOf", "allOf"]) {
    const list = schema[word]
    if (Array.isArray(list)) for (const item of list as readonly Json[]) branches.push(...variants(root, objectOf(item) ?? {}, depth + 1))
  }
  const own = ["type", "properties", "enum", "const", "additionalProperties", "items"].some((key) => schema[key] !== undefined)
  return own || branches.length === 0 ? [schema, ...branches] : branches
}

function pointer(root: JsonObject, text: string): JsonObject | null {
  let here: Json | undefined = root
  for (const part of text.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~")
    const object = objectOf(here)
    if (object === null || !Object.hasOwn(object, key)) return null
    here = object[key]
  }
  return objectOf(here)
}

const isOpen = (schema: JsonObject): boolean =>
  typesOf(schema).length === 0 && schema["properties"] === undefined && schema["enum"] === undefined && schema["const"] === undefined

function typesOf(schema: JsonObject): readonly Json[] {
  const type = schema["type"]
  return Array.isArray(type) ? (type as readonly Json[]) : type === undefined ? [] : [type]
}

function kindsOf(schema: JsonObject): Kinds {
  const types = typesOf(schema)
  const values = valuesOf(schema)
  if (types.length === 0) return values === null ? ANY_KIND : [...new Set(values.flatMap(kindOfValue))]
  return [...new Set(types.flatMap((type) => (typeof type === "string" ? (KINDS[type] ?? []) : [])))]
}

const KINDS: Readonly<Record<string, Kinds>> = {
  string: ["text"],
  number: ["number"],
  integer: ["number"],
  boolean: ["boolean"],
  array: ["list"],
  object: ["object"],
}

export function kindOfValue(value: Json): Kinds {
  if (value === null) return []
  if (Array.isArray(value)) return ["list"]
  const kinds: Partial<Record<string, Kind>> = { string: "text", number: "number", boolean: "boolean", object: "object" }
  const kind = kinds[typeof value]
  return kind === undefined ? [] : [kind]
}

function valuesOf(schema: JsonObject): readonly Json[] | null {
  const list = schema["enum"]
  if (Array.isArray(list)) return list as readonly Json[]
  return schema["const"] === undefined ? null : [schema["const"]]
}

const objectOf = (value: Json | undefined): JsonObject | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null
