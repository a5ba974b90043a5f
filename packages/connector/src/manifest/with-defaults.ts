// Settings as a pipeline hands them in -> the same with the defaults that the manifest's schema of them names.
import { isObject, type Json, type JsonObject, type JsonSchema } from "../json.ts"

export function withDefaults(schema: JsonSchema, config: JsonObject): JsonObject {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {}
  const defaults = Object.entries(properties).flatMap(([name, property]): [string, Json][] => {
    const standard = isObject(property) ? property["default"] : undefined
    return standard === undefined || Object.hasOwn(config, name) ? [] : [[name, standard]]
  })
  return defaults.length === 0 ? config : { ...Object.fromEntries(defaults), ...config }
}
