// A stored contact as JSON text. Pages are put together from texts: nothing is parsed only to be printed again.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import type { ContactRow } from "../store/contact-reader.ts"

export const isoOf = (ms: number): string => new Date(ms).toISOString()

/** The whole contact. `data` is never an empty object: every contact has the standard fields. */
export const contactText = (row: ContactRow): string =>
  `{"id":${JSON.stringify(row.id)},${row.data === "{}" ? "" : `${row.data.slice(1, -1)},`}"created_at":"${isoOf(row.created_at)}","updated_at":"${isoOf(row.updated_at)}","revision":${row.revision},"field_times":${row.field_times}}`

const pick = (source: JsonObject, path: readonly string[], into: Record<string, Json>): void => {
  const [head, ...rest] = path
  if (head === undefined || !Object.hasOwn(source, head)) return
  const value = source[head] ?? null
  if (rest.length === 0) {
    into[head] = value
    return
  }
  if (!isObject(value)) return
  const child = into[head]
  const inner: Record<string, Json> = isObject(child) ? { ...child } : {}
  pick(value, rest, inner)
  into[head] = inner
}

/** Only the named paths; `id`, `updated_at` and `revision` always come along. */
export const selectedText = (row: ContactRow, fields: readonly string[]): string => {
  const whole: JsonObject = JSON.parse(contactText(row))
  const result: Record<string, Json> = {}
  for (const path of ["id", ...fields, "updated_at", "revision"])
    if (!path.split(".").includes("__proto__")) pick(whole, path.split("."), result)
  return JSON.stringify(result)
}

export const renderContact = (row: ContactRow, fields: readonly string[] | undefined): string =>
  fields ? selectedText(row, fields) : contactText(row)
