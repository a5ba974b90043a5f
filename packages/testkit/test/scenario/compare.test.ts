import { describe, expect, it } from "vitest"
import { amountDiffers, differences, listDiffers } from "../../src/scenario/compare.ts"

describe("an expected part", () => {
  it("is found in a larger item, at any depth", () => {
    expect(differences({ a: { b: 1 } }, { a: { b: 1, c: 2 }, d: 3 })).toEqual([])
  })
  it("names the path of what differs", () => {
    expect(differences({ a: { b: 1 }, e: true }, { a: { b: 2 } })).toEqual(["a.b: expected 1, found 2", "e: expected true, found nothing"])
  })
  it("compares lists of texts as sets, with their number", () => {
    expect(differences({ tags: ["a", "b"] }, { tags: ["b", "a"] })).toEqual([])
    expect(differences({ tags: ["a", "a"] }, { tags: ["a", "b"] })).toHaveLength(1)
    expect(differences({ tags: ["a"] }, { tags: ["a", "b"] })).toHaveLength(1)
  })
  it("keeps the order of other lists, and of each only a part", () => {
    expect(differences([{ a: 1 }, { a: 2 }], [{ a: 1, b: 1 }, { a: 2 }])).toEqual([])
    expect(differences([{ a: 1 }, { a: 2 }], [{ a: 2 }, { a: 1 }])).toHaveLength(1)
  })
  it("takes a missing field for null, and nothing else for it", () => {
    expect(differences({ phone: null }, {})).toEqual([])
    expect(differences({ phone: null }, { phone: "" })).toHaveLength(1)
  })
  it("takes /…/ for a pattern", () => {
    expect(differences({ id: "/^rev_/" }, { id: "rev_1" })).toEqual([])
    expect(differences({ id: "/^rev_/" }, { id: "x" })).toHaveLength(1)
  })
})

describe("an amount", () => {
  it.each([
    [2, 2, null],
    [2, 3, "expected 2, found 3"],
    [{ at_least: 2 }, 3, null],
    [{ at_least: 2, at_most: 4 }, 5, "expected at least 2, at most 4, found 5"],
  ])("%j and %d: %s", (expected, actual, words) => {
    expect(amountDiffers(expected, actual)).toBe(words)
  })
})

describe("a list", () => {
  it("is matched in any order, each expectation by one of its own", () => {
    expect(listDiffers([{ a: 1 }, { a: 2 }], [{ a: 2 }, { a: 1 }])).toEqual([])
    expect(listDiffers([{ a: 1 }, { a: 1 }], [{ a: 1 }])).toEqual(['expected {"a":1}, found none like it'])
    expect(listDiffers([], [{ a: 1 }])).toEqual(['did not expect {"a":1}'])
  })
  it("may be counted", () => {
    expect(listDiffers(1, [{ a: 1 }])).toEqual([])
    expect(listDiffers(0, [{ a: 1 }])[0]).toContain("expected 0, found 1")
  })
})
