import { expect, test } from "vitest"
import type { Json } from "@syncline/connector"
import { changedPaths, leafPaths, mergePatch } from "../../../src/server/protocol/merge-patch.ts"

// RFC 7396, appendix A
const cases: readonly (readonly [Json, Json, Json])[] = [
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
]

test.each(cases)("%j patched with %j is %j", (target, patch, result) => {
  const before = JSON.stringify(target)
  expect(mergePatch(target, patch)).toEqual(result)
  expect(JSON.stringify(target)).toBe(before)
})

test("a patch cannot reach a prototype", () => {
  const patch: Json = JSON.parse('{"__proto__":{"admin":true},"a":1}')
  const result = mergePatch({}, patch)
  expect(result).toEqual({ a: 1 })
  expect(Object.getPrototypeOf(result)).toBe(Object.prototype)
})

test("changed paths name leaves, and count a list as one value", () => {
  expect(leafPaths({ a: 1, b: { c: 2, d: { e: 3 } }, f: [1] })).toEqual(["a", "b.c", "b.d.e", "f"])
  expect(changedPaths({ a: 1, b: { c: 2, x: 1 }, f: [1, 2] }, { a: 1, b: { c: 3, x: 1 }, f: [2, 1], g: { h: 1 } })).toEqual([
    "b.c",
    "f",
    "g.h",
  ])
  expect(changedPaths({ a: { b: 1 } }, { a: 5 })).toEqual(["a.b"])
})
