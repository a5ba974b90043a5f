// From one page to the next, for every kind of paging. Enters a place in the scan and an answer, leaves the next place or
// null: the scan is done. Places are JSON, so that they survive a restart.
import { FaultError } from "../../fault.ts"
import { isObject, type Json, type JsonObject } from "../../json.ts"
import type { Answer, NextSpec, Scope } from "../spec/index.ts"
import type { SendOptions } from "../request/send.ts"
import { linkOf } from "./link-header.ts"

/** Where a scan is: a token, a count, a URL. `{}` is its beginning. */
export type PagePlace = JsonObject

/** `page` in expressions: what the kind of paging knows, null at the beginning. */
export function pageNames(next: NextSpec, place: PagePlace): Json {
  const number = place["page"] ?? (next.kind === "page" ? next.start : null)
  const offset = place["offset"] ?? (next.kind === "offset" ? next.start : null)
  return { token: place["token"] ?? null, number, offset, key: place["key"] ?? null }
}

/** What the request of this page needs on top of itself. */
export function pageOptions(next: NextSpec, place: PagePlace): Pick<SendOptions, "slot" | "url"> {
  switch (next.kind) {
    case "token":
      return next.to === null || place["token"] === undefined ? {} : { slot: { slot: next.to, value: place["token"] } }
    case "offset":
      return next.to === null ? {} : { slot: { slot: next.to, value: place["offset"] ?? next.start } }
    case "page":
      return next.to === null ? {} : { slot: { slot: next.to, value: place["page"] ?? next.start } }
    case "keyset":
      return next.to === null || place["key"] === undefined ? {} : { slot: { slot: next.to, value: place["key"] } }
    case "link":
    case "url":
      return typeof place["url"] === "string" ? { url: place["url"] } : {}
    case "none":
      return {}
  }
}

export interface Turned {
  readonly answer: Answer
  /** Sees `res`, `page`, `config`. */
  readonly scope: Scope
  /** Records of the page, all of them. */
  readonly count: number
  readonly last: Json
}

/** Characters: places are kept in cursors, and cursors in the store. */
const LONGEST_PLACE = 65_536

/** The place of the next page; `null`: this was the last. A place that is the same again would go on for ever. */
export function turnPage(next: NextSpec, place: PagePlace, page: Turned): PagePlace | null {
  if (next.more !== null && !next.more.run(page.scope)) return null
  const following = follow(next, place, page)
  if (following === null) return null
  const text = JSON.stringify(following)
  if (text.length > LONGEST_PLACE)
    throw new FaultError({
      class: "transient",
      message: "The system names a next page that is longer than any token; the scan cannot go on.",
    })
  if (text === JSON.stringify(place))
    throw new FaultError({ class: "transient", message: "The system names a page as the next one of itself; the scan cannot go on." })
  return following
}

function follow(next: NextSpec, place: PagePlace, { answer, scope, count, last }: Turned): PagePlace | null {
  // What `more` affirms, an empty page does not deny.
  const ended = count === 0 && next.more === null
  switch (next.kind) {
    case "none":
      return null
    case "token": {
      const token = next.token.run(scope)
      return isBlank(token) ? null : { token }
    }
    case "offset": {
      const offset = numberAt(place, "offset", next.start) + count
      const total = totalOf(next, scope)
      if (ended || count === 0 || (total !== null && offset - next.start >= total)) return null
      return total === null ? { offset } : { offset, total, ...(hasShrunk(next, place, scope) ? { shrunk: true } : {}) }
    }
    case "page": {
      const number = numberAt(place, "page", next.start)
      const pages = next.pages === null ? null : numberOf(next.pages.run(scope))
      const done = pages === null ? ended : number - next.start + 1 >= pages
      return done ? null : { page: number + 1 }
    }
    case "link": {
      const url = linkOf(answer.headers["link"], next.rel)
      return url === null || url === "" ? null : { url }
    }
    case "url": {
      const url = next.url.run(scope)
      return typeof url !== "string" || url === "" ? null : { url }
    }
    case "keyset": {
      if (count === 0) return null
      const key = next.of.run({ ...scope, rec: last, edge: last })
      return isBlank(key) ? null : { key }
    }
  }
}

const totalOf = (next: Extract<NextSpec, { kind: "offset" }>, scope: Scope): number | null =>
  next.total === null ? null : numberOf(next.total.run(scope))

/** Rows vanished while they were counted off: whoever came behind them moved up, perhaps past the edge of a page. */
export function hasShrunk(next: NextSpec, place: PagePlace, scope: Scope): boolean {
  if (next.kind !== "offset" || place["shrunk"] === true) return place["shrunk"] === true
  const [before, now] = [place["total"], totalOf(next, scope)]
  return typeof before === "number" && now !== null && now < before
}

const isBlank = (value: Json): boolean => value === null || value === "" || value === false
const numberAt = (place: PagePlace, name: string, otherwise: number): number => {
  const value = place[name]
  return typeof value === "number" ? value : otherwise
}
const numberOf = (value: Json): number | null => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) ? number : null
}

export const placeOf = (value: Json | undefined): PagePlace => (isObject(value) ? value : {})
