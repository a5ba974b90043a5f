// The short way for plain letters says what the libraries say.
import cliTruncate from "cli-truncate"
import fc from "fast-check"
import { createColors } from "picocolors"
import stringWidth from "string-width"
import { expect, test } from "vitest"
import wrapAnsi from "wrap-ansi"
import { cleanText } from "../../src/render/clean.ts"
import { cut, widthOf, wrap } from "../../src/render/width.ts"

const paint = createColors(true)
const plain = fc.stringMatching(/^[ -~¡-¬®-ÿ–…→✓✗⏎]{0,60}$/)
const text = fc
  .tuple(fc.oneof(plain, fc.string({ unit: "grapheme", maxLength: 30 })), fc.constantFrom(paint.red, paint.dim, String), plain)
  .map(([one, colour, other]) => `${cleanText(one)}${colour(other)}`)

test("a text is as wide, cut and wrapped as the libraries would have it", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 8, max: 80 }), (each, width) => {
      expect(widthOf(each)).toBe(stringWidth(each))
      expect(cut(each, width)).toBe(stringWidth(each) <= width ? each : cliTruncate(each, width))
      expect(wrap(each, width)).toBe(wrapAnsi(each, width, { hard: true }))
    }),
    { numRuns: 300 },
  )
})

test("every letter that counts as plain takes one column", () => {
  const letters = Array.from({ length: 0x2_800 - 0x20 }, (_, index) => String.fromCodePoint(0x20 + index))
  const wrong = letters.filter((letter) => cleanText(letter) === letter && widthOf(letter) !== stringWidth(letter))
  expect(wrong).toEqual([])
})
