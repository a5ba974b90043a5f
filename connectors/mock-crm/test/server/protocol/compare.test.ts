import { expect, test } from "vitest"
import { changedPaths, leafPaths } from "../../../src/server/protocol/compare.ts"

test("changed paths name leaves, and count a list as one value", () => {
  expect(leafPaths({ a: 1, b: { c: 2, d: { e: 3 } }, f: [1] })).toEqual(["a", "b.c", "b.d.e", "f"])
  expect(changedPaths({ a: 1, b: { c: 2, x: 1 }, f: [1, 2] }, { a: 1, b: { c: 3, x: 1 }, f: [2, 1], g: { h: 1 } })).toEqual([
    "b.c",
    "f",
    "g.h",
  ])
  expect(changedPaths({ a: { b: 1 } }, { a: 5 })).toEqual(["a.b"])
})
