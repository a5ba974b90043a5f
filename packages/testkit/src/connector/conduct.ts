// What the author of a connector tells the kit: how to start the system (or where it is), what a valid item looks like,
// and what can be done to the system from outside. Everything that can be had otherwise is left out.
import type { Json, JsonObject } from "@syncline/connector"

/** JSON in whose texts `{unique}` stands for a short word that was never used before, or a function of that word. */
export type Template = JsonObject | ((unique: string) => JsonObject)

/** One resource. */
export interface Conduct {
  /** What a create sends: valid, and unlike every other one. Without it nothing is made. */
  readonly item?: Template
  /** What an edit sends: some of the paths of `item`, with values that differ from one `{unique}` to the next. */
  readonly edit?: Template
  /** A writable path that takes any text; the first text of `edit` by default. */
  readonly text?: string
  /** A path that may be emptied; the same as `text` by default. */
  readonly clear?: string
  /** An edit that the system refuses for its values. */
  readonly invalid?: Template
  /** The system documents that results of a batch come in the order of its operations, and says nothing else about them. */
  readonly resultsInOrder?: boolean
  /** `listen` hears of changes here: with these settings, in this system. */
  readonly hints?: boolean
  /** Checks that this system cannot pass, each with the reason; they are reported as skipped. */
  readonly waive?: Readonly<Record<string, string>>
}

/** What people do in the system while the connector is not looking. Ids are those that the connector reports. */
export interface Outside {
  readonly create?: (item: JsonObject) => Promise<string>
  readonly edit?: (id: string, set: JsonObject) => Promise<void>
  /** As its users delete: found again by the signs that the connector declares. */
  readonly delete?: (id: string) => Promise<void>
  /** Deleted without a trace. */
  readonly erase?: (id: string) => Promise<void>
  readonly restore?: (id: string) => Promise<void>
  readonly merge?: (id: string, into: string) => Promise<void>
  /** Changes whatever the id is made from; gives the new id. */
  readonly rekey?: (id: string) => Promise<string>
}

export interface Running {
  /** The connector's configuration, secrets included. */
  readonly config: JsonObject
  readonly outside?: Readonly<Record<string, Outside>>
  /** Where the pipeline would lie, for a connector to files. */
  readonly folder?: string
  /** Lets time pass in the system, for declared lags; without it the kit waits. */
  readonly advance?: (ms: number) => Promise<void>
  /** Makes every cursor that was given out too old. */
  readonly expireCursors?: () => Promise<void>
  readonly close?: () => Promise<void>
}

export interface Conformance {
  /** Starts the system, or tells where a real one is. `given` is what the command line said, already part of `config` afterwards. */
  readonly start: (given?: JsonObject) => Promise<Running>
  readonly resources: Readonly<Record<string, Conduct>>
  /** `none`: the connector does not speak HTTP, so nothing can be put in the way of its calls. */
  readonly wire?: "http" | "none"
}

export const fill = (template: Template, unique: string): JsonObject => {
  if (typeof template === "function") return template(unique)
  const filled = fillJson(template, unique)
  return typeof filled === "object" && filled !== null && !isList(filled) ? filled : {}
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const fillJson = (value: Json, unique: string): Json => {
  if (typeof value === "string") return value.replaceAll("{unique}", unique)
  if (typeof value !== "object" || value === null) return value
  if (isList(value)) return value.map((each) => fillJson(each, unique))
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fillJson(each, unique)]))
}
