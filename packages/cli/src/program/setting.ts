// Option values that set one setting of a connector. Loads nothing heavy: it is part of every start.
import { InvalidArgumentError } from "commander"
import type { Json, JsonObject } from "@syncline/connector"

/** `--config baseUrl=http://127.0.0.1:4010`, repeatable; a value that is JSON (true, 5, {…}) is taken as such. */
export function setting(text: string, so: JsonObject = {}): JsonObject {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Write it as name=value.")
  return { ...so, [name]: valueOf(value) }
}

const valueOf = (text: string): Json => {
  if (!/^(?:true|false|null|-?\d+(?:\.\d+)?|[[{].*)$/s.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
