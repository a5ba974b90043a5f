// Tables fit the terminal, whatever is in them.
import fc from "fast-check"
import stringWidth from "string-width"
import { expect, test } from "vitest"
import { cleanText } from "../../src/render/clean.ts"
import { columns } from "../../src/render/columns.ts"

const name = fc.oneof(
  fc.string(),
  fc.constantFrom("山田太郎 株式会社エグザンプル", "محمد عبد الله", "Zoë Brontë-Þórðardóttir", "👩‍👩‍👧 family", "한국어 이름이 여기에"),
  fc.string({ unit: "grapheme", maxLength: 60 }),
)

test("no line is wider than the terminal", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name, name), { maxLength: 6 }), fc.integer({ min: 40, max: 160 }), (rows, width) => {
      const cells = rows.map((row) => row.map(cleanText))
      for (const line of columns([{ title: "id" }, { title: "name" }, { title: "count", align: "right" }], cells, width, (text) => text)) {
        expect(stringWidth(line)).toBeLessThanOrEqual(width)
      }
    }),
  )
})
