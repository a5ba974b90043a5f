import { describe, expect, test } from "vitest"
import { parseTagList, strongEqual, tagOfBytes, tagOfRevision, weakEqual } from "../../../src/server/protocol/etag.ts"

const strong = (opaque: string) => ({ weak: false, opaque })
const weak = (opaque: string) => ({ weak: true, opaque })

describe("lists of entity tags", () => {
  test.each([
    ['"a"', [strong('"a"')]],
    ['W/"a"', [weak('"a"')]],
    ['"a", W/"b" ,"c"', [strong('"a"'), weak('"b"'), strong('"c"')]],
    ['"with,comma"', [strong('"with,comma"')]],
    ['""', [strong('""')]],
    [', "a",, "b",', [strong('"a"'), strong('"b"')]],
  ])("%s is read as it is meant", (text, tags) => {
    expect(parseTagList(text)).toEqual({ any: false, tags })
  })

  test("a star stands for any tag", () => {
    expect(parseTagList(" * ")).toEqual({ any: true })
  })

  test.each(["", "a", "r1", '"a', "'a'", 'w/"a"', '*, "a"', '"a" "b"', '"a"b', ",", 'W/ "a"', '"with blank"'])(
    "%j is no list of tags",
    (text) => {
      expect(parseTagList(text)).toBeNull()
    },
  )
})

// RFC 9110, 8.8.3.2: the table of comparisons
test.each([
  [weak('"1"'), weak('"1"'), false, true],
  [weak('"1"'), weak('"2"'), false, false],
  [weak('"1"'), strong('"1"'), false, true],
  [strong('"1"'), strong('"1"'), true, true],
])("%j and %j compare as the standard says", (a, b, strongly, weakly) => {
  expect(strongEqual(a, b)).toBe(strongly)
  expect(weakEqual(a, b)).toBe(weakly)
})

test("tags differ where the bytes, the revision or the selection differ", () => {
  expect(tagOfBytes("a")).not.toBe(tagOfBytes("b"))
  expect(tagOfRevision(7)).toBe('"r7"')
  expect(tagOfRevision(7, ["email"])).not.toBe(tagOfRevision(7))
  expect(tagOfRevision(7, ["email"])).not.toBe(tagOfRevision(7, ["phone"]))
})
