import { describe, expect, it } from "vitest"
import { LensFailure } from "../../src/model/pipeline.ts"
import type { Json } from "../../src/model/value.ts"
import { LENSES } from "../../src/pipeline/index.ts"
import type { Kinds, LensFunctions } from "../../src/pipeline/lens/lens.ts"
import { parseYaml, Report } from "@syncline/connector/language"

function lens(name: string, settings: string | null = null, remote: Kinds = ["text"]): LensFunctions {
  const report = new Report()
  const node = settings === null ? null : parseYaml("settings", settings, report)
  const use = LENSES.find((entry) => entry.name === name)?.read(node, report)
  if (use === undefined) throw new Error(report.list()[0]?.message)
  return use.bind({ remote })
}

describe("a lens", () => {
  it.each<readonly [string, string | null, Json]>([
    ["lower", null, 3],
    ["e164", "US", "ask at the desk"],
    ["e164", null, "415 555 0123"],
    ["date", null, "2024-02-30"],
    ["date", "DD.MM.YYYY", "2024-02-28"],
    ["datetime", null, "2024-02-28T10:00:00"],
    ["datetime", "unix", "soon"],
    ["number", null, "12,5"],
    ["number", null, "9007199254740993"],
    ["bool", null, "perhaps"],
    ["map", "{ a: b }", "c"],
    ["split", null, ["a"]],
    ["set", null, "a"],
    ["country", null, "Atlantis"],
    ["json", null, "{"],
  ])("%s (%s) refuses %j with a reason", (name, settings, remote) => {
    const value = lens(name, settings).get(remote)
    expect(value).toBeInstanceOf(LensFailure)
    expect((value as LensFailure).message).toMatch(/\w+ \w+/)
  })

  it("keeps the format of what is there when it writes", () => {
    expect(lens("date").put("2025-01-02", "2024-02-29T10:00:00Z")).toBe("2025-01-02T10:00:00Z")
    expect(lens("bool").put(false, "Yes")).toBe("no")
    expect(lens("bool", null, ["number"]).put(true, 0)).toBe(1)
    expect(lens("country").put("FR", "Germany")).toBe("France")
    expect(lens("country").put("FR", "DEU")).toBe("FRA")
    expect(lens("set").put(["a", "c", "d"], ["c", "b", "a"])).toEqual(["c", "a", "d"])
    expect(lens("split").put(["a", "b"], "x,y")).toBe("a,b")
    expect(lens("number").put(3, "2.50")).toBe("3")
  })

  it("leaves alone what already has the meaning", () => {
    expect(lens("map", "{ lead: open, customer: open, lost: closed }").put("open", "customer")).toBe("customer")
    expect(lens("number").put(2.5, "2.50")).toBe("2.50")
    expect(lens("json").put({ b: 1, a: 2 }, '{ "a": 2, "b": 1 }')).toBe('{ "a": 2, "b": 1 }')
    expect(lens("datetime").put("2024-02-29T10:00:00.000Z", "2024-02-29T12:00:00+02:00")).toBe("2024-02-29T12:00:00+02:00")
  })

  it("takes the first of several values that mean the same, in the kind that the system keeps", () => {
    expect(lens("map", "{ lead: open, customer: open }").put("open", null)).toBe("lead")
    expect(lens("map", "{ 1: open, 2: closed }", ["number"]).put("closed", null)).toBe(2)
    expect(lens("map", "{ true: open, false: closed }", ["boolean"]).put("closed", null)).toBe(false)
    expect(lens("map", "{ a: b }").put("c", null)).toBeInstanceOf(LensFailure)
  })

  it("reads a blank as a blank, but where it says otherwise", () => {
    for (const entry of LENSES.filter(({ needsSettings }) => !needsSettings)) {
      const blank = entry.name === "set" || entry.name === "split" ? [] : null
      expect([entry.name, lens(entry.name).get(null), lens(entry.name).get("")]).toEqual([entry.name, blank, blank])
    }
    expect(lens("default", "en").get("")).toBe("en")
    expect(lens("map", "{ '': none, a: b }").get(null)).toBe("none")
    expect(lens("default", "en").put("en", null)).toBeNull()
  })

  it("does not join what it could not cut apart again", () => {
    expect(lens("split").put(["a,b"], null)).toBeInstanceOf(LensFailure)
    expect(lens("split", '";"').put(["a,b"], null)).toBe("a,b")
  })
})
