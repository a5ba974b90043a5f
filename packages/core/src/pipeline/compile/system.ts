// One system: its connector found, its settings filled in and validated, its secrets known, its capabilities described.
import type { Ajv2020 } from "ajv/dist/2020.js"
import type { SystemConfig } from "../../model/pipeline.ts"
import { isBlank, type Json, type JsonObject } from "../../model/value.ts"
import { type Block, didYouMean, type Field, type Item, type Node, type Text } from "@syncline/connector/language"
import type { PipelinePart } from "../language/pipeline.ts"
import { factsAt } from "../path/schema.ts"
import type { Context } from "./context.ts"
import { interpolate } from "./interpolate.ts"
import { compileSchema, reportErrors } from "./validator.ts"

type SystemPart = Item<Block<{ readonly connector: Field<Text>; readonly config: Field<Node> }>>

export function compileSystems(part: PipelinePart, context: Context, ajv: Ajv2020): readonly SystemConfig[] {
  const systems: SystemConfig[] = []
  for (const item of part.fields.systems ?? []) {
    const system = compileSystem(item, context, ajv)
    if (system !== null) systems.push(system)
  }
  return systems
}

function compileSystem(item: SystemPart, context: Context, ajv: Ajv2020): SystemConfig | null {
  const fields = item.value?.fields
  if (fields?.connector === undefined) return null
  const connector = context.env.connector(fields.connector.value)
  if (connector === undefined) {
    context.report.error(
      fields.connector.at,
      `unknown connector "${fields.connector.value}"`,
      didYouMean(fields.connector.value, context.env.connectorNames),
    )
    return null
  }
  const filled = new Filling(context, item.key, connector.configSchema)
  const config = fields.config === undefined ? {} : filled.mapping(fields.config)
  const validate = compileSchema(ajv, connector.configSchema)
  if ("error" in validate) throw new Error(`the config schema of connector ${connector.name} cannot be used: ${validate.error}`)
  if (!validate(config)) {
    const root: Node = fields.config ?? { kind: "map", at: fields.connector.at, entries: [] }
    const secret = (path: string): boolean => path !== "" && (factsAt(connector.configSchema, path)?.writeOnly ?? true)
    reportErrors(validate.errors ?? [], root, `config of ${item.key}`, context.report, { secret, skip: (node) => filled.broken.has(node) })
  }
  try {
    return { name: item.key, connector, config, description: connector.describe(config), secrets: [...filled.secrets] }
  } catch (error) {
    let reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : "no reason given"
    for (const secret of filled.secrets) reason = reason.replaceAll(secret, "•••")
    context.report.error(fields.connector.at, `the connector "${connector.name}" cannot work with this config: ${reason}`)
    return null
  }
}

/** Settings with their references replaced. */
class Filling {
  readonly secrets = new Set<string>()
  readonly broken = new Set<Node>()
  private readonly context: Context
  private readonly system: string
  private readonly schema: JsonObject

  constructor(context: Context, system: string, schema: JsonObject) {
    this.context = context
    this.system = system
    this.schema = schema
  }

  mapping(node: Node): JsonObject {
    const value = this.value(node, [])
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
  }

  private value(node: Node, path: readonly string[]): Json {
    if (node.kind === "list") return node.items.map((item) => this.value(item, path))
    if (node.kind === "map")
      return Object.fromEntries(node.entries.map((entry) => [entry.key, this.value(entry.value, [...path, entry.key])]))
    const facts = path.length === 0 ? null : factsAt(this.schema, path.join("."))
    if (typeof node.value !== "string") {
      if (facts?.writeOnly === true && !isBlank(node.value)) this.literal(node, path)
      if (facts?.writeOnly === true && node.value !== null) this.secrets.add(String(node.value))
      return node.value
    }
    const filled = interpolate({ value: node.value, at: node.at, node }, this.context)
    if (filled.broken) this.broken.add(node)
    for (const secret of filled.secrets) if (secret !== "") this.secrets.add(secret)
    if (facts?.writeOnly === true && filled.value !== "") {
      for (const secret of [filled.value, ...filled.variables]) this.secrets.add(secret)
      if (!filled.referred) this.literal(node, path)
    }
    return filled.referred && facts !== null ? typed(filled.value, facts.kinds) : filled.value
  }

  private literal(node: Node, path: readonly string[]): void {
    this.context.report.conceal(node.at)
    const name = [this.system, ...path]
      .join("_")
      .replaceAll("-", "_")
      .replace(/([a-z])([A-Z])/g, "$1_$2")
      .toUpperCase()
    this.context.report.warning(
      node.at,
      `a secret stands in the file: ${path.join(".")}`,
      `take it from the environment: \${${name}}, or from a file: \${file:${path.at(-1) ?? "secret"}.txt}`,
    )
  }
}

/** The environment knows texts only; where the connector wants a number or yes/no, the text is read as one. */
function typed(value: string, kinds: readonly string[]): Json {
  if (kinds.includes("text")) return value
  if (kinds.includes("number") && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value)
  if (kinds.includes("boolean") && (value === "true" || value === "false")) return value === "true"
  return value
}
