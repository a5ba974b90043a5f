// How a comparison looks at 80 and 120 columns, kept as files.
import stringWidth from "string-width"
import { expect, test } from "vitest"
import { renderFound, renderVerify } from "../../src/render/verify.ts"
import { NOW, plainPaint } from "./specimen-edit.ts"
import { agreed, differences, verified } from "./specimen-verify.ts"

const RENDERINGS = {
  verify: (width: number) => renderVerify(verified, viewAt(width)),
  "verify-agreed": (width: number) => renderVerify(agreed, viewAt(width)),
  "verify-repaired": (width: number) => [
    ...renderFound(verified, viewAt(width)),
    ...renderVerify({ ...agreed, causes: { held: 1 }, differences: differences.slice(-1) }, { ...viewAt(width), repaired: true }),
  ],
} as const

const viewAt = (width: number) => ({ paint: plainPaint, width, now: NOW, file: "pipeline.yaml", samples: 1 })

for (const width of [80, 120]) {
  test.for(Object.entries(RENDERINGS))(`%s at ${width} columns`, async ([name, render]) => {
    const lines = render(width)
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/)
    expect(lines.filter((line) => line.startsWith("    ") && stringWidth(line) > width)).toEqual([])
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../golden/render/${name}.${width}.txt`)
  })
}

test("a value that agrees nowhere is told with every cause once", () => {
  const text = renderVerify(verified, viewAt(120)).join("\n")
  for (const difference of differences) expect(text).toContain(difference.binding)
  expect(text).toContain("… and 1 more (--samples 2)")
})

test("a repair is named only where one would change something", () => {
  const held = differences.filter(({ cause }) => cause === "held")
  expect(held).not.toEqual([])
  const told = (only: typeof differences) => renderVerify({ ...agreed, causes: { held: 1 }, differences: only }, viewAt(120)).at(-1)
  expect(told(held)).not.toContain("--repair")
  expect(told(differences)).toContain("--repair")
  // a write that came to nothing is sent once more
  expect(told(held.map((each) => ({ ...each, again: true })))).toContain("--repair")
})
