// Reads query parameters; every bad one is named in a problem.
import { Problem } from "../protocol/problem.ts"

export type Query = Readonly<Record<string, string | string[] | undefined>>

const bad = (name: string, message: string): Problem =>
  new Problem(400, "bad-request", `${name} ${message}`, { errors: [{ path: name, message }] })

export const textOf = (query: Query, name: string): string | undefined => {
  const value = query[name]
  if (Array.isArray(value)) throw bad(name, "may be given once")
  return value
}

export const wholeNumberOf = (query: Query, name: string, fallback: number, min: number, max: number): number => {
  const text = textOf(query, name)
  if (text === undefined) return fallback
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (!(value >= min && value <= max)) throw bad(name, `must be a whole number from ${min} to ${max}`)
  return value
}

export const listOf = (query: Query, name: string): string[] | undefined =>
  textOf(query, name)
    ?.split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "")

/** Selected paths in one fixed order, so that the same selection has the same tag. */
export const fieldsOf = (query: Query): string[] | undefined => {
  const fields = listOf(query, "fields")
  return fields && [...new Set(fields)].sort()
}

/** An ISO 8601 instant or epoch ms, as epoch ms; 0 if absent. */
export const instantOf = (query: Query, name: string): number => {
  const text = textOf(query, name)
  if (text === undefined) return 0
  const ms = /^\d+$/.test(text) ? Number(text) : /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isFinite(ms)) throw bad(name, "must be an ISO 8601 instant or epoch milliseconds")
  return ms
}
