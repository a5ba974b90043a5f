import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { parseJsonText } from "../../src/index.ts"

describe("numbers", () => {
  test.each([
    ["9007199254740991", 9007199254740991],
    ["9007199254740993", "9007199254740993"],
    ["-9007199254740993", "-9007199254740993"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["0.12345678901234567890", 0.12345678901234568],
    ["1e400", "1e400"],
    ["-1E+999", "-1E+999"],
    ["1e20", 1e20],
    ["12.50", 12.5],
  ])("%s is read as %j", (text, value) => {
    expect(parseJsonText(text)).toBe(value)
    expect(parseJsonText(`{"a":[${text}]}`)).toEqual({ a: [value] })
  })

  test("two ids beyond 2^53 stay different", () => {
    expect(new Set(parseJsonText("[9007199254740992, 9007199254740993]") as unknown[]).size).toBe(2)
  })

  test("a text that only looks like a number keeps its type", () => {
    expect(parseJsonText('{"phone":"00420123456789012345","n":12345678901234567890}')).toEqual({
      phone: "00420123456789012345",
      n: "12345678901234567890",
    })
  })

  test("any whole number keeps all its digits", () => {
    fc.assert(
      fc.property(fc.bigInt(), (n) => {
        expect(String(parseJsonText(String(n)))).toBe(String(n))
      }),
    )
  })
})

describe("names", () => {
  test.each([
    '{"__proto__":{"admin":true},"a":1}',
    '{"\\u005f_proto__":{"admin":true},"a":1}',
    '{"__proto__":1,"a":1,"n":12345678901234567890}',
  ])("a __proto__ key is dropped: %s", (text) => {
    const value = parseJsonText(text)
    expect(Object.keys(Object(value))).not.toContain("__proto__")
    const copy: Record<string, unknown> = {}
    for (const [name, each] of Object.entries(Object(value))) copy[name] = each
    expect(copy["admin"]).toBeUndefined()
    expect(copy["a"]).toBe(1)
  })

  test("constructor, prototype and the empty name are ordinary data", () => {
    expect(parseJsonText('{"constructor":{"prototype":1},"":2}')).toEqual({ constructor: { prototype: 1 }, "": 2 })
  })
})

test("nesting is bounded", () => {
  expect(() => parseJsonText("[".repeat(100) + "]".repeat(100))).not.toThrow()
  expect(() => parseJsonText("[".repeat(101) + "]".repeat(101))).toThrow("nested deeper than 100 levels")
  expect(() => parseJsonText("[".repeat(1_000_000))).toThrow(SyntaxError)
  expect(() => parseJsonText(`${"[".repeat(1_000_000)}12345678901234567890${"]".repeat(1_000_000)}`)).toThrow(SyntaxError)
})

test("a syntax error never quotes the text", () => {
  expect(() => parseJsonText('{"password": canary}')).toThrow(/^not JSON$/)
})

test("what JSON.stringify writes is read back, apart from numbers too long for a double", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value)
      fc.pre(!/__proto__|\d{16}|e\+/.test(text))
      expect(parseJsonText(text)).toEqual(JSON.parse(text))
    }),
  )
})
