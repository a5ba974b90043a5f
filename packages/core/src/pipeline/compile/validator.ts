// JSON Schema validation in our words: ajv's findings become diagnostics at their place, or problems of a record.
import { Ajv2020, type AnySchema, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js"
import formats from "ajv-formats"
import { RE2JS } from "re2js"
import type { JsonSchema } from "@syncline/connector"
import type { Json } from "../../model/value.ts"
import { didYouMean, entryOf, isAffordable, nearest, type Node, nodeAt, type Report } from "@syncline/connector/language"
import { isPlainlySound } from "./plain-schema.ts"
import { alternativesIn, waysText } from "./alternatives.ts"

/** A `pattern` meets hostile data: RE2 takes linear time, whatever the pattern. It knows no look-ahead and no back-references. */
const linearPattern = Object.assign(
  (pattern: string) => {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern))
    const states = compiled.programSize()
    // a text that it cannot afford to judge does not match
    return { test: (text: string): boolean => isAffordable(states, text) && compiled.test(text) }
  },
  // only used by code that ajv writes to a file
  { code: "linearPattern" },
)

export function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    logger: false,
    validateFormats: true,
    useDefaults: false,
    verbose: true,
    code: { regExp: linearPattern },
    // `compileSchema` has it judged
    validateSchema: false,
  })
  // The package is CommonJS: its callable is the `default` of what an ES module sees.
  formats.default(ajv)
  // the pattern that comes with the package backtracks for seconds on a text made for it
  ajv.addFormat("url", (text: string) => /^(?:https?|ftp):\/\/\S+$/i.test(text) && URL.canParse(text))
  return ajv
}

let judge: Ajv2020 | null = null

/**
 * What is wrong with a JSON Schema as such. One instance does it for the whole process: compiling the schema of schemas
 * takes longer than a pipeline does.
 */
export function faultsOfSchema(schema: JsonSchema): readonly ErrorObject[] {
  if (isPlainlySound(schema)) return []
  judge ??= newAjv()
  return judge.validateSchema(schema as AnySchema) === true ? [] : (judge.errors ?? [])
}

export function compileSchema(ajv: Ajv2020, schema: JsonSchema): ValidateFunction | { readonly error: string } {
  const [fault] = faultsOfSchema(schema)
  if (fault !== undefined) return { error: `schema is invalid: ${explain(fault, false).message}` }
  try {
    return ajv.compile(schema as AnySchema)
  } catch (error) {
    return { error: error instanceof Error ? (error.message.split("\n")[0] ?? "") : "unusable" }
  }
}

export const pointerOf = (error: Pick<ErrorObject, "instancePath">): readonly string[] =>
  error.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))

/** One finding as message and hint. `secret` values are not repeated. */
export function explain(error: ErrorObject, secret: boolean): { readonly message: string; readonly hint: string | null } {
  const place = pointerOf(error).join(".")
  const name = place === "" ? "" : `"${place}" `
  // ajv types params per keyword as a loose record; each is read with the shape that its keyword documents.
  const params = error.params as Readonly<Record<string, Json>>
  const found = secret ? "" : `, found ${JSON.stringify(error.data ?? null).slice(0, 60)}`
  switch (error.keyword) {
    case "type":
      return { message: `${name}must be ${words(params["type"] ?? null)}${found}`, hint: null }
    case "enum":
      return oneOf(name, params["allowedValues"] ?? [], error.data as Json, found)
    case "required":
      return { message: `${name === "" ? "" : `${name}: `}"${String(params["missingProperty"])}" is missing`, hint: null }
    case "format":
      return {
        message: `${name}must be ${FORMATS[String(params["format"])] ?? `of the form ${String(params["format"])}`}${found}`,
        hint: null,
      }
    case "maximum":
    case "minimum":
      return {
        message: `${name}must be at ${error.keyword === "maximum" ? "most" : "least"} ${String(params["limit"])}${found}`,
        hint: null,
      }
    case "minLength":
      return {
        message: `${name}must ${params["limit"] === 1 ? "not be empty" : `have at least ${String(params["limit"])} characters`}`,
        hint: null,
      }
    case "maxLength":
      return { message: `${name}must have at most ${String(params["limit"])} characters`, hint: null }
    case "pattern":
      return { message: `${name}must look like ${String(params["pattern"])}${found}`, hint: null }
    default:
      return { message: `${name}${error.message ?? "is not allowed"}`, hint: null }
  }
}

function oneOf(name: string, allowed: Json, data: Json, found: string): { readonly message: string; readonly hint: string | null } {
  const values: readonly Json[] = Array.isArray(allowed) ? allowed : []
  const near = typeof data === "string" ? nearest(data, values.map(String)) : null
  return {
    message: `${name}must be one of ${values.map((v) => JSON.stringify(v)).join(", ")}${found}`,
    hint: near === null ? null : `did you mean "${near}"?`,
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  email: "an e-mail address",
  uri: "a URL",
  date: "a day (YYYY-MM-DD)",
  "date-time": "an instant (ISO 8601)",
  uuid: "a UUID",
}

const words = (type: Json): string =>
  (Array.isArray(type) ? (type as readonly Json[]) : String(type).split(","))
    .map(
      (t) =>
        ({
          string: "a text",
          integer: "a whole number",
          number: "a number",
          boolean: "true or false",
          array: "a list",
          object: "a mapping",
          null: "null",
        })[String(t)] ?? String(t),
    )
    .join(" or ")

/** Reports findings about a value that stands in a file, each at its own place. */
export function reportErrors(
  errors: readonly ErrorObject[],
  root: Node,
  what: string,
  report: Report,
  options: { secret: (path: string) => boolean; skip: (node: Node) => boolean },
): void {
  const { alternatives, rest } = alternativesIn(errors)
  for (const { instancePath, ways } of alternatives) {
    const node = nodeAt(root, pointerOf({ instancePath }))
    const head = node.kind === "map" ? (node.entries[0]?.keyAt ?? node.at) : node.at
    if (!options.skip(node)) report.error(head, `${what}: it lacks ${waysText(ways)}`, "one of these ways is enough")
  }
  for (const error of rest) {
    const segments = pointerOf(error)
    const node = nodeAt(root, segments)
    const params = error.params as Readonly<Record<string, Json>>
    if (options.skip(node)) continue
    if (error.keyword === "if" || error.keyword === "anyOf" || error.keyword === "oneOf" || error.keyword === "not") {
      if (errors.length > 1) continue
    }
    if (error.keyword === "additionalProperties" || error.keyword === "unevaluatedProperties") {
      const key = String(params["additionalProperty"] ?? params["unevaluatedProperty"])
      const parent = error.parentSchema as { properties?: Record<string, unknown> } | undefined
      report.error(
        entryOf(node, key)?.keyAt ?? node.at,
        `unknown key "${key}" in ${what}`,
        didYouMean(key, Object.keys(parent?.properties ?? {})),
      )
      continue
    }
    const { message, hint } = explain(error, options.secret(segments.join(".")))
    const head = error.keyword === "required" && node.kind === "map" ? (node.entries[0]?.keyAt ?? node.at) : node.at
    report.error(head, `${what}: ${message}`, hint)
  }
}
