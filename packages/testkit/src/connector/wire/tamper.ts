// Answers changed on their way, as far as they are JSON: items taken out, members added, ids exchanged, results reordered.
// What is no JSON passes as it is. Numbers keep their digits, since only texts are rewritten where that matters.
import { isObject, type Json, type JsonObject } from "@syncline/connector"

const parse = (text: string): Json | undefined => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** An object that shows one of the items: some member of it, at any depth but not within a list, is an id. */
const showsItem = (value: Json, ids: ReadonlySet<string>): boolean =>
  isObject(value) &&
  Object.values(value).some((member) =>
    typeof member === "string" || typeof member === "number" ? ids.has(String(member)) : isObject(member) && showsItem(member, ids),
  )

const isItemList = (value: Json, ids: ReadonlySet<string>): boolean =>
  isList(value) &&
  value.some((each) => showsItem(each, ids) || ((typeof each === "string" || typeof each === "number") && ids.has(String(each))))

/** How many lists of items an answer holds. */
export const itemLists = (text: string, ids: ReadonlySet<string>): number => {
  const count = (value: Json): number => {
    if (isItemList(value, ids)) return 1
    if (isList(value)) return value.reduce((sum: number, each) => sum + count(each), 0)
    return isObject(value) ? Object.values(value).reduce((sum: number, each) => sum + count(each), 0) : 0
  }
  const body = parse(text)
  return body === undefined ? 0 : count(body)
}

const mapJson = (value: Json, change: (value: Json) => Json | undefined): Json => {
  const changed = change(value)
  if (changed !== undefined) return changed
  if (isList(value)) return value.map((each) => mapJson(each, change))
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapJson(each, change)]))
  return value
}

const rewritten = (text: string, change: (value: Json) => Json | undefined): string => {
  const body = parse(text)
  return body === undefined ? text : JSON.stringify(mapJson(body, change))
}

export const emptied = (text: string, ids: ReadonlySet<string>): string =>
  rewritten(text, (value) => (isItemList(value, ids) ? [] : undefined))

const STRANGE: JsonObject = { zz_unknown: "x", zz_unknown_list: [1, { zz: null }], zz_unknown_object: { deep: { deeper: true } } }

/** Adds members to the outermost object and to every object that shows an item. */
export const added = (text: string, ids: ReadonlySet<string>): string => {
  const add = (value: Json): Json => {
    if (isList(value)) return value.map(add)
    if (!isObject(value)) return value
    const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, add(each)]))
    return showsItem(value, ids) ? { ...inner, ...STRANGE } : inner
  }
  const body = parse(text)
  if (body === undefined) return text
  const all = add(body)
  return JSON.stringify(isObject(all) ? { ...all, ...STRANGE } : all)
}

/** Turns every list of objects around. */
export const reversed = (text: string): string =>
  rewritten(text, (value) => (isList(value) && value.length > 1 && value.every((each) => isObject(each)) ? value.toReversed() : undefined))

/** Takes the first member out of every list of objects. */
export const beheaded = (text: string): string =>
  rewritten(text, (value) => (isList(value) && value.length > 0 && value.every((each) => isObject(each)) ? value.slice(1) : undefined))

/** How long the longest list of objects is. */
export const longestList = (text: string): number => {
  let longest = 0
  rewritten(text, (value) => {
    if (isList(value) && value.length > longest && value.every((each) => isObject(each))) longest = value.length
    return undefined
  })
  return longest
}

/** One id for another, as a whole token of JSON: a text keeps its quotes, a number stays one. */
export const exchangedId = (text: string, from: string, to: string): string =>
  text.replaceAll(`"${from}"`, `"${to}"`).replace(new RegExp(`(?<=[:\\[,]\\s*)${from.replace(/[^\w]/g, "\\$&")}(?=\\s*[,}\\]])`, "g"), to)
