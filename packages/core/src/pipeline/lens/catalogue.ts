// Every lens by its name, and the shape in which a pipeline writes one: `lower`, or `{ e164: US }`.
import type { JsonObject } from "../../model/value.ts"
import { describeNode, didYouMean, type Node, type Report, type Shape, type Span } from "@syncline/connector/language"
import { bool } from "./bool.ts"
import { country } from "./country.ts"
import { date } from "./date.ts"
import { datetime } from "./datetime.ts"
import { default_ } from "./default.ts"
import { e164 } from "./e164.ts"
import { json } from "./json.ts"
import { useLens, type LensDefinition, type LensUse } from "./lens.ts"
import { lower } from "./lower.ts"
import { map } from "./map.ts"
import { nfc } from "./nfc.ts"
import { number } from "./number.ts"
import { set } from "./set.ts"
import { split } from "./split.ts"
import { title } from "./title.ts"
import { trim } from "./trim.ts"
import { upper } from "./upper.ts"

/** A lens whose kind of settings is its own business. */
export interface LensEntry {
  readonly name: string
  readonly doc: string
  readonly schemas: readonly JsonObject[]
  readonly needsSettings: boolean
  readonly settingsExpected: string | null
  readonly read: (settings: Node | null, report: Report) => LensUse | undefined
  /** The examples, each with the lens set up for it. */
  readonly examples: readonly {
    readonly use: LensUse
    readonly remote: LensDefinition["examples"][number]["remote"]
    readonly canonical: LensDefinition["examples"][number]["canonical"]
  }[]
}

function entry<C>(lens: LensDefinition<C>, tableOf: (config: C | undefined) => LensUse["table"] = () => null): LensEntry {
  const bare: JsonObject = { const: lens.name, description: lens.doc }
  const withSettings = (shape: Shape<C>): JsonObject => ({
    type: "object",
    description: lens.doc,
    properties: { [lens.name]: shape.schema },
    required: [lens.name],
    additionalProperties: false,
  })
  return {
    name: lens.name,
    doc: lens.doc,
    schemas: [...(lens.config?.required === true ? [] : [bare]), ...(lens.config === null ? [] : [withSettings(lens.config.shape)])],
    needsSettings: lens.config?.required === true,
    settingsExpected: lens.config?.shape.expects ?? null,
    read: (settings, report) => {
      if (settings === null || lens.config === null) return useLens(lens, undefined, tableOf(undefined))
      const config = lens.config.shape.read(settings, report)
      return config === undefined ? undefined : useLens(lens, config, tableOf(config))
    },
    examples: lens.examples.map((example) => ({
      use: useLens(lens, example.config),
      remote: example.remote,
      canonical: example.canonical,
    })),
  }
}

export const LENSES: readonly LensEntry[] = [
  entry(trim),
  entry(lower),
  entry(upper),
  entry(title),
  entry(nfc),
  entry(e164),
  entry(date),
  entry(datetime),
  entry(number),
  entry(bool),
  entry(map, (config) => config ?? []),
  entry(split),
  entry(set),
  entry(default_),
  entry(country),
  entry(json),
]

export interface LocatedLens {
  readonly use: LensUse
  readonly at: Span
}

const NAMES = LENSES.map((lens) => lens.name)

export const lensShape: Shape<LocatedLens> = {
  schema: { anyOf: LENSES.flatMap((lens) => lens.schemas) },
  expects: "a lens, as trim or { e164: US }",
  fits: (node) => node.kind === "map" || (node.kind === "scalar" && typeof node.value === "string"),
  read: (node, report) => {
    if (node.kind === "scalar" && typeof node.value === "string") {
      const lens = find(node.value, node.at, report)
      if (lens === undefined) return undefined
      if (lens.needsSettings) {
        report.error(node.at, `the lens "${lens.name}" needs settings`, `write { ${lens.name}: … } with ${lens.settingsExpected}`)
        return undefined
      }
      const use = lens.read(null, report)
      return use === undefined ? undefined : { use, at: node.at }
    }
    if (node.kind !== "map") {
      report.error(node.at, `expected a lens, found ${describeNode(node)}`, "as trim, or { e164: US }")
      return undefined
    }
    const [first, second] = node.entries
    if (first === undefined || second !== undefined) {
      report.error(second?.keyAt ?? node.at, "one lens a mapping", "write each lens as an item of the list: [trim, { e164: US }]")
      return undefined
    }
    const lens = find(first.key, first.keyAt, report)
    if (lens === undefined) return undefined
    if (lens.settingsExpected === null) {
      report.error(first.value.at, `the lens "${lens.name}" takes no settings`, `write it as ${lens.name}`)
      return undefined
    }
    const use = lens.read(first.value, report)
    return use === undefined ? undefined : { use, at: first.keyAt }
  },
}

function find(name: string, at: Span, report: Report): LensEntry | undefined {
  const lens = LENSES.find((candidate) => candidate.name === name)
  if (lens === undefined) report.error(at, `unknown lens "${name}"`, didYouMean(name, NAMES))
  return lens
}
