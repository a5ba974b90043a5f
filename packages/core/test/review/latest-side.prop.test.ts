// The side that changed last is named only where the times can tell.
import fc from "fast-check"
import { expect, it } from "vitest"
import type { Review, Side } from "../../src/model/review.ts"
import { latestSide, ROUGH_CLOCKS } from "../../src/review/latest-side.ts"

const side = fc.record({
  system: fc.constantFrom("a", "b", "c"),
  linkId: fc.constantFrom("l1", "l2"),
  value: fc.constantFrom("x", "y", "z"),
  stamp: fc.record({
    system: fc.constantFrom("a", "b", "c"),
    at: fc.integer({ min: 0, max: 20_000 }),
    certainty: fc.constantFrom("field" as const, "item" as const, "observed" as const),
  }),
})
const asked = (sides: readonly Side[]): Review => ({
  id: "r",
  kind: "conflict",
  entity: "person",
  recordId: "rec",
  field: "phone",
  linkId: null,
  binding: null,
  remoteId: null,
  base: [],
  sides,
  message: "",
  item: null,
  candidates: [],
  hash: "h",
  openedAt: 0,
  closedAt: null,
  status: "open",
  resolution: null,
})

it("the side named has no rival with another value and an equal or later time, whatever the order of the sides", () => {
  fc.assert(
    fc.property(fc.array(side, { minLength: 2, maxLength: 4 }), (sides) => {
      const found = latestSide(asked(sides), ROUGH_CLOCKS)
      const reversed = latestSide(asked(sides.toReversed()), ROUGH_CLOCKS)
      expect(reversed.side?.value).toEqual(found.side?.value)
      if (found.side === null) return
      for (const other of sides) {
        if (other.value === found.side.value) continue
        expect(found.side.stamp.certainty).not.toBe("observed")
        expect(other.stamp.at).toBeLessThan(found.side.stamp.at)
      }
    }),
  )
})
