// A connector's capabilities in words, resource by resource, in the order in which one asks: what is it, how is it read,
// how are deletes noticed, how is it written, what does that promise.
import { isObject, type JsonSchema, type LimitSettings, type ResourceSpec, type WriteSpec } from "@syncline/connector"
import type { Promised } from "@syncline/core"
import { cleanText } from "./clean.ts"
import type { View } from "./view.ts"
import { wrap } from "./width.ts"

export interface Described {
  readonly connector: string
  readonly title: string
  readonly limits: LimitSettings
  readonly settings: JsonSchema
  readonly resources: readonly (ResourceSpec & { readonly guarantees: readonly Promised[] })[]
}

export function renderDescription({ connector, title, limits, settings, resources }: Described, view: View): string[] {
  const { paint } = view
  return [
    `${paint.bold(cleanText(title))}  ${paint.dim(cleanText(connector))}`,
    ...rows([["limits", sayLimits(limits)], ...sayProperties(settings)], view),
    ...resources.flatMap((spec) => [
      "",
      paint.bold(cleanText(spec.name)),
      ...rows(
        [
          ["ids", sayIds(spec)],
          ["keys", spec.keys.map(({ name, unique }) => `${name} (${unique ? "unique" : "not unique"})`).join(", ") || "none"],
          ["version", sayVersion(spec)],
          ["reading", sayReading(spec)],
          ["lag", sayLag(spec)],
          ["deletes", spec.deletes.map((sign) => DELETES[sign]).join(", ") || "are not noticed"],
          ...(["create", "update", "delete"] as const).map((kind): readonly [string, string] => [kind, sayWrite(kind, spec.write[kind])]),
          ["rewrites", sayRewrites(spec)],
          [
            "can give",
            spec.guarantees
              .filter(({ held }) => held)
              .map(({ topic }) => topic)
              .join(", ") || "nothing",
          ],
          ...spec.guarantees
            .filter(({ held }) => !held)
            .map(({ topic, sentence }): readonly [string, string] => ["", `no ${topic}: ${sentence}`]),
        ],
        view,
      ),
    ]),
  ]
}

const LABEL = 10

function rows(pairs: readonly (readonly [label: string, text: string])[], { paint, width }: View): string[] {
  return pairs.flatMap(([label, text]) =>
    wrap(cleanText(text), width - LABEL - 4)
      .split("\n")
      .map((line, at) => `  ${paint.dim((at === 0 ? label : "").padEnd(LABEL))}  ${line}`),
  )
}

const DELETES: Readonly<Record<ResourceSpec["deletes"][number], string>> = {
  tombstone: "told by tombstones",
  flag: "told by a flag on the item",
  webhook: "told by webhooks",
  absence: "seen by absence from complete snapshots",
}

const sayIds = ({ id }: ResourceSpec): string =>
  id.stable ? "stay for good" : id.secondary === undefined ? "can change, and nothing else stays" : `can change; ${id.secondary} stays`

const sayVersion = ({ version }: ResourceSpec): string => {
  if (version.kind === "none") return "none"
  const what = {
    etag: "an ETag, which tells equal from different",
    revision: "a number that rises",
    timestamp: "the time of the last change",
  }[version.kind]
  return [
    what,
    ...(version.resolutionMs === undefined ? [] : [`to ${sayMs(version.resolutionMs)}`]),
    ...(version.perField === true ? ["a time for each field"] : []),
  ].join(", ")
}

const sayReading = ({ read }: ResourceSpec): string =>
  [
    ...(read.snapshot ? ["everything"] : []),
    ...(read.delta === undefined
      ? []
      : [
          `changes by ${read.delta.kind}${read.delta.overlapMs === undefined ? "" : `, ${sayMs(read.delta.overlapMs)} of them twice`}${read.delta.ttlMs === undefined ? "" : `, ${sayMs(read.delta.ttlMs)} back`}${read.delta.maxWindow === undefined ? "" : `, ${read.delta.maxWindow} in a window`}`,
        ]),
    ...(read.lookup === undefined ? [] : [`${read.lookup.max} at once by ${read.lookup.by.join(", ")}`]),
    `pages of ${read.pageSize}`,
  ].join("; ")

const sayLag = ({ read: { lagMs } }: ResourceSpec): string =>
  lagMs.byId === 0 && lagMs.delta === 0
    ? "none"
    : `${sayMs(lagMs.byId)} until a lookup shows a write, ${sayMs(lagMs.delta)} until a scan does`

const sayWrite = (kind: "create" | "update" | "delete", spec: WriteSpec | undefined): string => {
  if (spec === undefined) return "no"
  const guard = {
    ifMatch: "compared by the system with what we saw",
    readCompare: "compared with a reading just before",
    none: "compared with nothing",
  }[spec.guard]
  const repeat = {
    header: `by a key${spec.keyTtlMs === undefined ? "" : `, kept ${sayMs(spec.keyTtlMs)}`}`,
    naturalKey: "by its unique key",
    byId: "by its id",
    none: "",
  }[spec.idempotent]
  return [
    spec.max === 1 ? "one by one" : `${spec.max} at once, ${spec.atomic === "item" ? "each by itself" : "all or none"}`,
    ...(kind === "create" ? [] : [guard]),
    spec.idempotent === "none" ? "not to be repeated" : `may be repeated ${repeat}`,
    ...(kind === "delete"
      ? [spec.soft === true ? "archives" : "removes"]
      : [{ null: "cleared by null", empty: "cleared by an empty value", never: "never cleared" }[spec.unset]]),
    ...(spec.returnsItem ? ["answers with the item"] : kind === "delete" ? [] : ["read back afterwards"]),
    ...(spec.horizonMs === undefined ? [] : [`done within ${sayMs(spec.horizonMs)} or never`]),
  ].join("; ")
}

const sayRewrites = ({ normalises }: ResourceSpec): string =>
  normalises === undefined
    ? "not declared"
    : Object.entries(normalises)
        .map(([path, steps]) => `${path} (${steps.join(", ")})`)
        .join(", ") || "nothing"

const sayLimits = ({ windows, concurrency }: LimitSettings): string =>
  [
    ...windows.map(({ max, perMs, match }) => `${max} calls in ${sayMs(perMs)}${match === undefined ? "" : ` to ${match}`}`),
    ...(concurrency === undefined ? [] : [`${concurrency} at once`]),
  ].join(", ") || "none declared"

const sayProperties = (settings: JsonSchema): readonly (readonly [string, string])[] => {
  const properties = isObject(settings["properties"]) ? Object.entries(settings["properties"]) : []
  const required = Array.isArray(settings["required"]) ? settings["required"] : []
  return properties.map(([name, property], at): readonly [string, string] => {
    const { writeOnly, description, default: standard }: Record<string, unknown> = isObject(property) ? property : {}
    const notes = [
      ...(required.includes(name) ? ["required"] : []),
      ...(writeOnly === true ? ["secret"] : []),
      ...(standard === undefined ? [] : [`${JSON.stringify(standard)} unless said`]),
    ]
    return [
      at === 0 ? "settings" : "",
      `${name}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}${typeof description === "string" ? `: ${description}` : ""}`,
    ]
  })
}

const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
]

const sayMs = (ms: number): string => {
  const [unit, size] = UNITS.find(([, each]) => ms >= each && ms % each === 0) ?? ["ms", 1]
  return `${ms / size} ${unit}`
}
