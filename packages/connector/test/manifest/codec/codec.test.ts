import fc from "fast-check"
import { expect, test } from "vitest"
import type { Json } from "../../../src/index.ts"
import { decode, encode } from "../../../src/manifest/codec/codec.ts"

test("a form nests objects, repeats the names of lists, and numbers lists of objects", () => {
  const { contentType, text } = encode("form", {
    email: "a+b@example.com",
    address: { city: "Zürich", zip: null },
    tag: ["vip", "new"],
    items: [{ sku: "1" }, { sku: "2" }],
    "list[]": ["x"],
    on: true,
    n: 3,
  })
  expect(contentType).toBe("application/x-www-form-urlencoded")
  expect(decodeURIComponent(text.replaceAll("+", " "))).toBe(
    "email=a+b@example.com&address[city]=Zürich&address[zip]=&tag=vip&tag=new&items[0][sku]=1&items[1][sku]=2&list[]=x&on=true&n=3",
  )
})

test("a form is read with its nesting, whatever spelling of lists it has", () => {
  const text = "email=a%2Bb%40x.com&address[city]=Bern&tag=a&tag=b&more[]=c&more[]=d&items[0][sku]=1&items[1][sku]=2&plain="
  expect(decode("form", text)).toEqual({
    email: "a+b@x.com",
    address: { city: "Bern" },
    tag: ["a", "b"],
    more: ["c", "d"],
    items: [{ sku: "1" }, { sku: "2" }],
    plain: "",
  })
})

test("names that would change a prototype are left out, and bottomless ones kept as they are", () => {
  expect(decode("form", `__proto__[x]=1&a[__proto__][y]=2&ok=3&constructor[z]=4`)).toEqual({ ok: "3", a: {}, constructor: { z: "4" } })
  expect(Object.keys(decode("form", `a${"[b]".repeat(500)}=1`) ?? {})).toEqual([`a${"[b]".repeat(500)}`])
  expect(({} as { x?: unknown }).x).toBeUndefined()
})

const name = fc.stringMatching(/^[a-z]{1,8}$/)
const word = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => text.toWellFormed())

test("what a form can hold comes back as it was", () => {
  const value = fc.dictionary(name, fc.oneof(word, fc.dictionary(name, word, { minKeys: 1 }), fc.array(word, { minLength: 2 })), {
    noNullPrototype: true,
  })
  fc.assert(
    fc.property(value, (body) => {
      expect(decode("form", encode("form", body).text)).toEqual(body)
    }),
  )
})

test("a table has a header of all names, and comes back as texts", () => {
  const { contentType, text } = encode("csv", [
    { id: 1, name: 'Jane "JJ" Doe, MD' },
    { id: 2, note: "two\nlines", tags: ["a"] },
  ])
  expect(contentType).toContain("text/csv")
  expect(text).toBe('id,name,note,tags\n1,"Jane ""JJ"" Doe, MD",,\n2,,"two\nlines","[""a""]"\n')
  expect(decode("csv", text)).toEqual([
    { id: "1", name: 'Jane "JJ" Doe, MD', note: "", tags: "" },
    { id: "2", name: "", note: "two\nlines", tags: '["a"]' },
  ])
})

test("a table with a byte order mark and other line ends is read, one that is none is refused without a quote", () => {
  expect(decode("csv", "\uFEFFid;x,b\r\n1,2\r\n\r\n")).toEqual([{ "id;x": "1", b: "2" }])
  expect(decode("csv", "")).toEqual([])
  for (const bad of ['a,b\n"canary', "a,b\n1,2,canary\n", "a,a\n1,2\n"]) {
    expect(() => decode("csv", bad)).toThrow(SyntaxError)
    expect(() => decode("csv", bad)).not.toThrow(/canary/)
  }
})

test("what a table can hold comes back as it was", () => {
  const row = fc.record({ a: word, b: fc.string().map((text) => text.toWellFormed()) }, { noNullPrototype: true })
  const rows: fc.Arbitrary<Json[]> = fc.array(row)
  fc.assert(
    fc.property(rows, (body) => {
      expect(decode("csv", encode("csv", body).text)).toEqual(body)
    }),
  )
})
