// The settings of a manifest: its own JSON Schema, and what it uses without naming it there.
import { didYouMean, entryOf, nearest, toJson, type Node, type Report } from "../../language/index.ts"
import { isObject, type Json, type JsonObject, type JsonSchema } from "../../json.ts"
import type { Gathered } from "../language/gathered.ts"
import { isSoundSchema } from "./sound-schema.ts"

/** A schema of all settings. What the expressions read and nobody declared is a text that must be there; where settings are
 * declared at all, an undeclared one is a mistake. */
export function compileConfig(node: Node | undefined, gathered: Gathered, report: Report): JsonSchema {
  const said = node === undefined ? {} : toJson(node)
  const schema: JsonObject = isObject(said) ? said : {}
  const declared = isObject(schema["properties"]) ? schema["properties"] : {}
  if (node !== undefined && !isObject(schema["properties"]) && Object.keys(schema).length > 0)
    report.error(
      entryOf(node, Object.keys(schema)[0] ?? "")?.keyAt ?? node.at,
      "the JSON Schema of config lacks properties",
      "write properties: { baseUrl: { type: string } }",
    )
  if (node !== undefined) isSoundSchema(node, report)
  const names = Object.keys(declared)
  const properties: Record<string, Json> = { ...declared }
  const required = new Set(Array.isArray(schema["required"]) ? schema["required"].filter((name) => typeof name === "string") : [])
  for (const { path, at } of gathered.config) {
    const [name = ""] = path.split(".")
    // of the entry that a resource with for: stands for
    if (name === "" || name === "each" || Object.hasOwn(properties, name)) continue
    if (gathered.secrets.some((secret) => secret.path === name)) continue
    if (names.length > 0) {
      report.error(at, `config has no "${name}"`, didYouMean(name, names) ?? "add it to the properties of config")
      continue
    }
    properties[name] = { type: "string", minLength: 1 }
    required.add(name)
  }
  for (const { path: name, at } of gathered.secrets) {
    const near = Object.hasOwn(properties, name) ? null : nearest(name, names)
    if (near !== null) {
      report.error(at, `config has no "${name}"`, `did you mean "${near}"?`)
      continue
    }
    const known = properties[name]
    if (isObject(known)) properties[name] = { ...known, writeOnly: true }
    else {
      properties[name] = { type: "string", minLength: 1, writeOnly: true }
      required.add(name)
    }
  }
  return { ...schema, type: "object", properties, required: [...required], additionalProperties: schema["additionalProperties"] ?? false }
}
