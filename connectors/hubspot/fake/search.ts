// The search index: filters, one sort, pages of 200 and never past the 10 000th hit; archived objects are not in it.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { reads, type Routes } from "@syncline/testkit/fake"
import { badRequest } from "./answers.ts"
import { typeOf, type Crm, type ObjectRow } from "./crm.ts"

const MAX_PAGE = 200
const MAX_HITS = 10_000
const MAX_GROUPS = 5
const MAX_FILTERS = 6

interface Filter {
  readonly property: string
  readonly operator: string
  readonly value: string
  readonly values: readonly string[]
}

const TIMES = /^(?:createdate|(?:hs_)?lastmodifieddate)$/

/** Times are compared as milliseconds, whether they came as such or as ISO 8601; ids as numbers. */
const comparable = (property: string, value: string): number | string => {
  if (TIMES.test(property)) return /^\d+$/.test(value) ? Number(value) : Date.parse(value)
  return property === "hs_object_id" ? Number(value) : value.toLowerCase()
}

const holds = ({ property, operator, value, values }: Filter, row: ObjectRow): boolean => {
  const present = row.item[property]
  if (operator === "HAS_PROPERTY") return present !== undefined && present !== ""
  if (operator === "NOT_HAS_PROPERTY") return present === undefined || present === ""
  if (present === undefined) return operator === "NEQ" || operator === "NOT_IN"
  const own = comparable(property, present)
  const other = comparable(property, value)
  switch (operator) {
    case "EQ":
      return own === other
    case "NEQ":
      return own !== other
    case "LT":
      return own < other
    case "LTE":
      return own <= other
    case "GT":
      return own > other
    case "GTE":
      return own >= other
    case "IN":
      return values.some((one) => own === comparable(property, one))
    case "NOT_IN":
      return values.every((one) => own !== comparable(property, one))
    default:
      throw badRequest(`Invalid input JSON: there is no operator ${operator}`)
  }
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : [])

const filtersOf = (body: JsonObject): readonly (readonly Filter[])[] => {
  const groups = listOf(body["filterGroups"]).map((group) =>
    listOf(isObject(group) ? group["filters"] : undefined)
      .filter(isObject)
      .map(({ propertyName, operator, value, values }) => ({
        property: String(propertyName),
        operator: String(operator),
        value: String(value ?? ""),
        values: listOf(values).map(String),
      })),
  )
  if (groups.length > MAX_GROUPS || groups.some((filters) => filters.length > MAX_FILTERS)) {
    throw badRequest(`at most ${MAX_GROUPS} filterGroups of ${MAX_FILTERS} filters`)
  }
  return groups
}

const sortOf = (body: JsonObject): ((a: ObjectRow, b: ObjectRow) => number) => {
  const sorts = listOf(body["sorts"])
  if (sorts.length > 1) throw badRequest("only one sort is supported")
  const [sort] = sorts
  const property = isObject(sort) ? String(sort["propertyName"]) : "createdate"
  const sign = isObject(sort) && sort["direction"] === "DESCENDING" ? -1 : 1
  return (a, b) => {
    const [own, other] = [comparable(property, a.item[property] ?? ""), comparable(property, b.item[property] ?? "")]
    return own === other ? Number(a.id) - Number(b.id) : own < other ? -sign : sign
  }
}

export const searchRoutes = (crm: Crm): Routes => ({
  "POST /crm/v3/objects/:type/search": reads(({ params, body }) => {
    const type = typeOf(params["type"])
    if (!isObject(body)) throw badRequest("Invalid input JSON")
    const limit = Number(body["limit"] ?? 10)
    const after = Number(body["after"] ?? 0)
    if (!(limit >= 1 && limit <= MAX_PAGE)) throw badRequest(`limit must be between 1 and ${MAX_PAGE}`)
    if (!Number.isInteger(after) || after < 0) throw badRequest("after must be an integer")
    if (after + limit > MAX_HITS) throw badRequest(`Paging through search results ends at the ${MAX_HITS}th`)
    const groups = filtersOf(body)
    const hits = crm
      .indexed(type)
      .filter((row) => groups.length === 0 || groups.some((filters) => filters.every((filter) => holds(filter, row))))
      .toSorted(sortOf(body))
    const page = hits.slice(after, after + limit)
    const next = after + page.length
    return {
      status: 200,
      body: {
        total: hits.length,
        results: page.map((row) => crm.show(type, row, listOf(body["properties"]).map(String))),
        ...(next < hits.length ? { paging: { next: { after: String(next) } } } : {}),
      },
    }
  }),
})
