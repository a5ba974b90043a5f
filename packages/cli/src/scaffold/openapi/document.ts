// The parts of an OpenAPI document that are read, as plain JSON with nothing taken for granted: a document is a stranger's.
import { isObject, type Json, type JsonObject } from "@syncline/connector"

export interface Operation {
  readonly parameters: readonly JsonObject[]
  /** Of the JSON body that is sent; null where there is none. */
  readonly request: JsonObject | null
  /** Of the JSON body of the first answer that is a success. */
  readonly answer: JsonObject | null
  /** Names of the headers of that answer, in small letters. */
  readonly headers: readonly string[]
  readonly statuses: readonly string[]
}

export interface Path {
  readonly path: string
  readonly operations: Readonly<Partial<Record<"get" | "post" | "put" | "patch" | "delete", Operation>>>
}

const METHODS = ["get", "post", "put", "patch", "delete"] as const

export const objectAt = (value: Json | undefined, ...names: readonly string[]): JsonObject => {
  let here: Json | undefined = value
  for (const name of names) here = isObject(here) ? here[name] : undefined
  return isObject(here) ? here : {}
}

export const listAt = (value: Json | undefined, name: string): readonly Json[] => {
  const list = isObject(value) ? value[name] : undefined
  return Array.isArray(list) ? list : []
}

export const textAt = (value: Json | undefined, name: string): string | null => {
  const text = isObject(value) ? value[name] : undefined
  return typeof text === "string" && text !== "" ? text : null
}

export const pathsOf = (document: JsonObject): readonly Path[] =>
  Object.entries(objectAt(document, "paths")).flatMap(([path, item]) =>
    isObject(item) && path.startsWith("/") ? [{ path: path.replace(/(.)\/$/, "$1"), operations: operationsOf(item) }] : [],
  )

const operationsOf = (item: JsonObject): Path["operations"] =>
  Object.fromEntries(
    METHODS.flatMap((method) => {
      const operation = item[method]
      return isObject(operation) ? [[method, operationOf(operation, listAt(item, "parameters"))] as const] : []
    }),
  )

const operationOf = (operation: JsonObject, common: readonly Json[]): Operation => {
  const responses = objectAt(operation, "responses")
  const statuses = Object.keys(responses)
  const good = statuses.filter((status) => status.startsWith("2")).sort()[0] ?? (statuses.includes("default") ? "default" : undefined)
  const success = good === undefined ? {} : objectAt(responses, good)
  return {
    parameters: [...common, ...listAt(operation, "parameters")].filter(isObject),
    request: jsonSchemaIn(objectAt(operation, "requestBody")),
    answer: jsonSchemaIn(success),
    headers: Object.keys(objectAt(success, "headers")).map((name) => name.toLowerCase()),
    statuses,
  }
}

const jsonSchemaIn = (holder: JsonObject): JsonObject | null => {
  const media = Object.entries(objectAt(holder, "content")).find(([type]) => /^application\/(?:[\w.+-]+\+)?json\b|^\*\/\*/.test(type))?.[1]
  const schema = isObject(media) ? media["schema"] : undefined
  return isObject(schema) ? schema : null
}

export const queryOf = ({ parameters }: Operation): readonly JsonObject[] => parameters.filter((each) => each["in"] === "query")

export const hasHeader = ({ parameters }: Operation, pattern: RegExp): string | null =>
  parameters.flatMap((each) => (each["in"] === "header" ? (textAt(each, "name") ?? []) : [])).find((name) => pattern.test(name)) ?? null
