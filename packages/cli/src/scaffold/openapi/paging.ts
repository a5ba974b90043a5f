// How a list is paged and filtered, by the names that such parameters and members usually have. What has no usual name is left
// for a person.
import type { JsonObject } from "@syncline/connector"
import type { PagingPlan, ResourcePlan } from "../api-plan.ts"
import { objectAt, queryOf, textAt, type Operation } from "./document.ts"
import { is, propertiesOf, schemaOf } from "./schema.ts"

const LIMIT = /^(?:limit|per_?page|page_?size|page_?limit|count|size|first|max_?results|top|\$top|page\[size\])$/i
const TOKEN =
  /^(?:cursor|after|page_?token|next_?token|next_?page_?token|continuation(?:_?token)?|next_?cursor|marker|start_?cursor|page_?cursor|page\[(?:after|cursor)\])$/i
const KEYSET = /^(?:starting_after|start_?after|last_?id|since_?id|after_?id)$/i
const OFFSET = /^(?:offset|skip|start|start_?at|start_?index|\$skip|page\[offset\])$/i
const PAGE = /^(?:page|page_?number|page_?no|page_?index|page\[number\])$/i
const SINCE =
  /^(?:updated|modified|changed|last_?modified|last_?updated|last_?changed)\w*?_?(?:since|after|from|gte?|min|start)$|^(?:since|min|from)_?(?:updated|modified|changed|last)\w*$|^(?:if_?)?(?:updated|modified|changed)_?since$|^since$/i
const MODIFIED = /^(?:date_?)?(?:last_?)?(?:updated|modified|changed)(?:_?(?:at|on|date|time|timestamp))?$/i

interface Named {
  readonly name: string
  readonly schema: JsonObject
}

const find = (operation: Operation, pattern: RegExp): Named | null => {
  const found = queryOf(operation).find((each) => pattern.test(textAt(each, "name") ?? ""))
  return found === undefined ? null : { name: textAt(found, "name") ?? "", schema: objectAt(found, "schema") }
}

/** A member of the answer, outside its list, by its name; dotted. */
const memberOf = (schema: JsonObject, pattern: RegExp, types: readonly string[], skip: string, at = ""): string | null => {
  const inner: string[] = []
  for (const [name, property] of propertiesOf(schema)) {
    const path = `${at}${name}`
    if (path === skip) continue
    if (pattern.test(path) && types.some((type) => is(property, type))) return path
    if (is(property, "object") && path.split(".").length < 3) inner.push(path)
  }
  for (const path of inner) {
    const property = path.slice(at.length)
    const found = memberOf(objectAt(schema, "properties", property), pattern, types, skip, `${path}.`)
    if (found !== null) return found
  }
  return null
}

export function pagingOf(operation: Operation, recordsAt: string): PagingPlan {
  const answer = schemaOf(operation.answer ?? {})
  const token = find(operation, TOKEN)
  if (token !== null) {
    const at = memberOf(
      answer,
      /(?:^|\.)(?:next|after|next_?(?:page_?)?(?:token|cursor)|cursor|end_?cursor|continuation(?:_?token)?|page_?token|marker)$/i,
      ["string"],
      recordsAt,
    )
    if (at !== null) return { kind: "token", at, to: token.name }
  }
  const keyset = find(operation, KEYSET)
  if (keyset !== null) {
    return {
      kind: "keyset",
      to: keyset.name,
      more: memberOf(answer, /(?:^|\.)(?:has_?more|more|has_?next(?:_?page)?)$/i, ["boolean"], recordsAt),
    }
  }
  const url = memberOf(answer, /(?:^|\.)(?:next|next_?(?:page_?)?(?:url|link|href)|next\.href|@odata\.nextLink)$/i, ["string"], recordsAt)
  const page = find(operation, PAGE)
  const offset = find(operation, OFFSET)
  if (operation.headers.includes("link")) return { kind: "link" }
  if (offset !== null)
    return {
      kind: "offset",
      to: offset.name,
      total: memberOf(answer, /(?:^|\.)(?:total|total_?(?:count|items|results|records)|count)$/i, ["integer", "number"], recordsAt),
    }
  if (page !== null) {
    const pages = memberOf(answer, /(?:^|\.)(?:pages|total_?pages|page_?count|last_?page)$/i, ["integer", "number"], recordsAt)
    const start = page.schema["minimum"] === 0 || page.schema["default"] === 0 ? 0 : 1
    return { kind: "page", to: page.name, start, pages }
  }
  return url === null ? { kind: "none" } : { kind: "url", at: url }
}

export function limitOf(operation: Operation): { readonly limit: ResourcePlan["limit"]; readonly sure: boolean } {
  const found = find(operation, LIMIT)
  if (found === null) return { limit: null, sure: true }
  const { maximum, default: usual } = found.schema
  if (typeof maximum === "number") return { limit: { to: found.name, max: Math.max(1, Math.floor(maximum)) }, sure: true }
  return { limit: { to: found.name, max: typeof usual === "number" && usual > 0 ? Math.floor(usual) : 50 }, sure: false }
}

export const modifiedOf = (schema: JsonObject): string | null =>
  propertiesOf(schema).find(([name, property]) => MODIFIED.test(name) && is(property, "string"))?.[0] ?? null

export const sinceOf = (operation: Operation, modified: string | null): ResourcePlan["since"] => {
  const found = find(operation, SINCE)
  return found === null || modified === null ? null : { to: found.name, field: modified }
}
