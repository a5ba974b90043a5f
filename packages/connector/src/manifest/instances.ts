// The resources that a manifest has with given settings: one that says `for: collections` becomes one for each entry of
// that setting, and sees the entry's own settings as `config.each`, its name among them.
import { isObject, type JsonObject, type JsonSchema } from "../json.ts"
import type { Manifest, ResourcePlan } from "./spec/index.ts"
import { withDefaults } from "./with-defaults.ts"

export interface Instance {
  readonly plan: ResourcePlan
  readonly config: JsonObject
}

export const instancesOf = (manifest: Manifest, config: JsonObject): readonly Instance[] =>
  manifest.resources.flatMap((plan): Instance[] => {
    if (plan.for === null) return [{ plan, config }]
    const entries = config[plan.for]
    const schema = entrySchema(manifest.configSchema, plan.for)
    return Object.entries(isObject(entries) ? entries : {}).map(([name, given]) => {
      const each: JsonObject = { ...withDefaults(schema, isObject(given) ? given : {}), name }
      return { plan: instanceOf(plan, name, each), config: { ...config, each } }
    })
  })

function entrySchema(configSchema: JsonSchema, setting: string): JsonSchema {
  const properties = isObject(configSchema["properties"]) ? configSchema["properties"] : {}
  const property = properties[setting]
  const each = isObject(property) ? property["additionalProperties"] : undefined
  return isObject(each) ? each : {}
}

const EACH = /^\{config\.each\.(\w+)\}$/

/** A key whose paths are settings that this entry leaves out is no key of this resource. */
function instanceOf(plan: ResourcePlan, name: string, each: JsonObject): ResourcePlan {
  const filled = (path: string): string => {
    const setting = EACH.exec(path)?.[1]
    if (setting === undefined) return path
    const value = each[setting]
    return typeof value === "string" ? value : ""
  }
  const keys = plan.keys
    .map((key) => ({ ...key, paths: key.paths.map(filled) }))
    .filter(({ paths }) => paths.length > 0 && !paths.includes(""))
  const known = new Set(["id", "secondary", ...keys.map((key) => key.name)])
  return { ...plan, name, keys, lookups: plan.lookups.filter(({ by }) => known.has(by)) }
}
