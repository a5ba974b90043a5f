// Remote text cannot do anything to a terminal but be read.
import fc from "fast-check"
import { expect, test } from "vitest"
import { cleanText } from "../../src/render/clean.ts"

test.for<[string, string, string]>([
  ["colours are dropped whole", "\u001b[31mred\u001b[0m", "red"],
  ["a window title is dropped whole", "\u001b]0;owned\u0007name", "name"],
  ["a link keeps its words only", "\u001b]8;;http://x.example\u001b\\click\u001b]8;;\u001b\\", "click"],
  ["a line break becomes a sign", "a\r\nb\nc", "a⏎b⏎c"],
  ["a bell and a backspace vanish", "a\u0007\u0008b", "ab"],
  ["the reading direction cannot be turned", "user\u202Egpj.exe", "usergpj.exe"],
  ["a name in Arabic stays as it is", "محمد العلي", "محمد العلي"],
  ["an emoji of several parts stays as it is", "👩‍👩‍👧", "👩‍👩‍👧"],
  ["half a surrogate pair is replaced", "a\ud800b", "a\ufffdb"],
])("%s", ([, dirty, clean]) => {
  expect(cleanText(dirty)).toBe(clean)
})

test("whatever comes in, no control character comes out", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(cleanText(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
    }),
  )
})
