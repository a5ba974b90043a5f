// The laws of every lens, on values made for it. GetPut: what is read, written back, changes nothing.
// PutGet: what is written reads back as meant. PutPut: the last write counts.
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { LENSES } from "../../src/pipeline/index.ts"
import { ANY_KIND, type LensFunctions, type LensUse } from "../../src/pipeline/lens/lens.ts"
import { parseYaml, Report } from "@syncline/connector/language"
import { equal, type Json } from "../../src/model/value.ts"
import { LensFailure } from "../../src/model/pipeline.ts"

interface Case {
  readonly name: string
  /** Settings as YAML. */
  readonly settings?: string
  readonly remote: fc.Arbitrary<Json>
  readonly kinds?: LensUse["from"]
}

const word = fc.stringMatching(/^[A-Za-z]{1,8}$/)
const anyText = fc.oneof(fc.string({ unit: "grapheme", maxLength: 20 }), fc.string({ unit: "binary", maxLength: 12 }), word)
const spaced = fc.tuple(fc.constantFrom("", " ", "\t"), anyText, fc.constantFrom("", "  ")).map((parts) => parts.join(""))
const day = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }).map((date) => date.toISOString())
const phone = fc
  .tuple(
    fc.integer({ min: 200, max: 999 }),
    fc.integer({ min: 200, max: 999 }),
    fc.integer({ min: 0, max: 9999 }),
    fc.constantFrom("(%a) %b-%c", "%a.%b.%c", "+1 %a %b %c", "1-%a-%b-%c"),
  )
  .map(([a, b, c, form]) => form.replace("%a", String(a)).replace("%b", String(b)).replace("%c", String(c).padStart(4, "0")))
const table = "{ lead: open, customer: open, lost: closed, '': none }"

const cases: readonly Case[] = [
  { name: "trim", remote: spaced },
  { name: "lower", remote: anyText },
  { name: "upper", remote: anyText },
  { name: "title", remote: anyText },
  { name: "nfc", remote: anyText },
  { name: "e164", settings: "US", remote: phone },
  { name: "e164", remote: phone },
  {
    name: "date",
    remote: fc.oneof(
      day,
      day.map((text) => text.slice(0, 10)),
    ),
  },
  { name: "date", settings: "DD.MM.YYYY", remote: day.map((text) => `${text.slice(8, 10)}.${text.slice(5, 7)}.${text.slice(0, 4)}`) },
  { name: "datetime", remote: day },
  { name: "datetime", settings: "unix", remote: fc.integer({ min: -2_000_000_000, max: 4_000_000_000 }), kinds: ["number"] },
  { name: "datetime", settings: "unixMs", remote: fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 }), kinds: ["number"] },
  {
    name: "number",
    remote: fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => Number.isSafeInteger(n) || !Number.isInteger(n)),
      fc.constantFrom("12.50", " 3", "1e3", "-0.5"),
    ),
  },
  { name: "bool", remote: fc.constantFrom<Json>(true, false, "Yes", "no", "TRUE", "0", 1, 0, "off", "Y") },
  { name: "bool", settings: "{ true: J, false: N }", remote: fc.constantFrom("J", "N", "j") },
  { name: "map", settings: table, remote: fc.constantFrom<Json>("lead", "customer", "lost", "", null) },
  { name: "split", remote: fc.array(word, { maxLength: 4 }).map((parts) => parts.join(", ")) },
  { name: "split", settings: '";"', remote: fc.array(word, { maxLength: 4 }).map((parts) => parts.join(";")) },
  { name: "set", remote: fc.array(fc.oneof(word, fc.integer()), { maxLength: 6 }), kinds: ["list"] },
  { name: "default", settings: "en", remote: fc.oneof(word, fc.constantFrom<Json>(null, "")) },
  { name: "country", remote: fc.constantFrom("DE", "deu", "Germany", "USA", "us", "Switzerland", "GBR", "uk", "France") },
  { name: "country", settings: "name", remote: fc.constantFrom("DE", "deu", "Germany", "Switzerland", "France") },
  { name: "json", remote: fc.json({ maxDepth: 2 }) },
]

function lens(of: Case): LensFunctions {
  const entry = LENSES.find((candidate) => candidate.name === of.name)
  const report = new Report()
  const settings = of.settings === undefined ? null : parseYaml("settings", of.settings, report)
  const use = entry?.read(settings, report)
  if (use === undefined || report.failed)
    throw new Error(
      `${of.name}: ${report
        .list()
        .map((problem) => problem.message)
        .join()}`,
    )
  return use.bind({ remote: of.kinds ?? ["text"] })
}

const title = (of: Case): string => (of.settings === undefined ? of.name : `${of.name}: ${of.settings}`)

describe.each(cases.map((of) => [title(of), of] as const))("%s", (_, of) => {
  const { get, put } = lens(of)

  it("writes nothing new where nothing changed (GetPut)", () => {
    fc.assert(
      fc.property(of.remote, (remote) => {
        const value = get(remote)
        expect(value instanceof LensFailure ? remote : put(value, remote)).toBe(remote)
      }),
    )
  })

  it("reads back what it wrote, or says why it cannot (PutGet)", () => {
    fc.assert(
      fc.property(of.remote, of.remote, (from, over) => {
        const value = get(from)
        if (value instanceof LensFailure) return
        const written = put(value, over)
        if (written instanceof LensFailure) return
        const back = get(written)
        // as values are compared everywhere: a member that is null is none
        expect(back instanceof LensFailure ? back.message : equal(back, value)).toBe(true)
      }),
    )
  })

  it("means the last value whatever was written before (PutPut)", () => {
    fc.assert(
      fc.property(of.remote, of.remote, of.remote, (first, second, over) => {
        const [a, b] = [get(first), get(second)]
        if (a instanceof LensFailure || b instanceof LensFailure) return
        const between = put(a, over)
        const after = between instanceof LensFailure ? between : put(b, between)
        if (after instanceof LensFailure) return
        const back = get(after)
        expect(back instanceof LensFailure ? back.message : equal(back, b)).toBe(true)
      }),
    )
  })

  it("answers anything at all without throwing", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (remote, old) => {
        get(remote as Json)
        put(remote as Json, old as Json)
      }),
    )
  })
})

describe.each(LENSES.map((entry) => [entry.name, entry] as const))("the examples of %s", (_, entry) => {
  it("are true", () => {
    expect(entry.examples.length).toBeGreaterThan(0)
    for (const { use, remote, canonical } of entry.examples) {
      const bound = use.bind({ remote: ANY_KIND })
      expect(bound.get(remote)).toEqual(canonical)
      expect(bound.put(canonical, remote)).toBe(remote)
    }
  })
})
