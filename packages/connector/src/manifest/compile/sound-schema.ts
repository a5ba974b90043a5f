// Whether a JSON Schema that somebody wrote can be used: each fault of it at its place.
import { Ajv2020 } from "ajv/dist/2020.js"
import { nodeAt, toJson, type Node, type Report } from "../../language/index.ts"
import { isObject } from "../../json.ts"

/** One schema has few faults of its own; what follows from them helps nobody. */
const MOST_TOLD = 5

let judge: Ajv2020 | null = null

/** `false` after a report. */
export function isSoundSchema(node: Node, report: Report): boolean {
  const schema = toJson(node)
  if (!isObject(schema)) return true
  const draft = schema["$schema"]
  if (draft !== undefined && draft !== "https://json-schema.org/draft/2020-12/schema") {
    report.error(
      nodeAt(node, ["$schema"]).at,
      "only JSON Schema 2020-12 is understood",
      "remove $schema, or write https://json-schema.org/draft/2020-12/schema",
    )
    return false
  }
  judge ??= new Ajv2020({ strict: false, logger: false, validateFormats: false })
  if (judge.validateSchema(schema) === true) return true
  const told = new Set<string>()
  // The deepest say what is wrong, the others that something is.
  const errors = (judge.errors ?? []).toSorted((a, b) => b.instancePath.length - a.instancePath.length)
  const [first] = errors
  for (const { instancePath, message } of errors) {
    if (
      told.size >= MOST_TOLD ||
      told.has(instancePath) ||
      (first !== undefined && first.instancePath.startsWith(instancePath) && first.instancePath !== instancePath)
    )
      continue
    told.add(instancePath)
    const segments = instancePath
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    report.error(nodeAt(node, segments).at, `this is no JSON Schema: ${segments.join(".") || "it"} ${message ?? "cannot be used"}`)
  }
  return false
}
