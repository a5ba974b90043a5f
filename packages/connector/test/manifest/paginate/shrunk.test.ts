import { describe, expect, it } from "vitest"
import { hasShrunk, turnPage, type PagePlace } from "../../../src/manifest/paginate/paging.ts"
import type { NextSpec, Scope } from "../../../src/manifest/spec/index.ts"

const next: NextSpec = {
  kind: "offset",
  to: null,
  start: 0,
  total: { run: (scope: Scope) => scope["total"] ?? null, reads: ["total"], source: "=total" },
  more: null,
}
const answer = { status: 200, headers: {}, body: null, unchanged: false }

/** Reads pages of two; each page tells a total. Gives the place after the last page but one, and whether rows vanished. */
const read = (...totals: readonly number[]): boolean => {
  let place: PagePlace = {}
  let shrunk = false
  for (const total of totals) {
    shrunk = hasShrunk(next, place, { total })
    place = turnPage(next, place, { answer, scope: { total }, count: 2, last: null }) ?? place
  }
  return shrunk
}

describe("rows counted off by offset", () => {
  it("were all seen if the total stays, or grows", () => {
    expect(read(6, 6, 6)).toBe(false)
    expect(read(6, 6, 7)).toBe(false)
  })

  it("may have been missed once the total has become smaller, whatever it is later", () => {
    expect(read(6, 5)).toBe(true)
    expect(read(8, 7, 7, 8)).toBe(true)
  })
})
