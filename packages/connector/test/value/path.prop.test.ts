import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { equal, type JsonObject } from "../../src/value/index.ts"
import { projection, segmentsOf, valueAt, withValues } from "../../src/value/index.ts"

const key = fc.constantFrom("a", "b", "c", "__proto__", "constructor")
const path = fc.array(key, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("."))
// JSON.parse makes `__proto__` an own key, as a hostile answer over HTTP does.
const item = fc.json({ maxDepth: 3 }).map((text) => JSON.parse(`{"a":${text},"__proto__":{"a":${text}}}`) as JsonObject)

describe("paths of an item", () => {
  it("give from the projection what they give from the whole item", () => {
    fc.assert(
      fc.property(item, fc.uniqueArray(path, { maxLength: 4 }), (whole, paths) => {
        const kept = projection(paths)(whole)
        for (const one of paths) expect(equal(valueAt(kept, segmentsOf(one)), valueAt(whole, segmentsOf(one)))).toBe(true)
      }),
    )
  })

  it("are read as they were written, and nobody's prototype changes", () => {
    fc.assert(
      fc.property(item, path, fc.string(), (whole, one, value) => {
        const before = JSON.stringify(whole)
        const after = withValues(whole, { [one]: value })
        expect(valueAt(after, segmentsOf(one))).toBe(value)
        expect(JSON.stringify(whole)).toBe(before)
        expect(Object.getPrototypeOf(after)).toBe(Object.prototype)
        expect(({} as Record<string, unknown>)["a"]).toBeUndefined()
      }),
    )
  })
})
