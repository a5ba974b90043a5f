// Each hostile item comes between two honest ones, which must arrive, in a first pass and in a second one that changes nothing.
import type { Change, Page } from "@syncline/connector"
import { afterEach, describe, expect, it } from "vitest"
import { World } from "../fake-system/world.ts"
import { type Fate, ITEM_CASES, type ItemCase } from "./items.ts"

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect("polluted" in {}).toBe(false)
})

const HONEST = { email: "odd@x.com", name: "Odd" }

/** Entries are defined rather than assigned, so that `__proto__` is a member like any other. Not typed as a change: that it is none is the point of some. */
function changeOf(one: ItemCase): Change {
  const item = one.item === undefined ? Object.fromEntries([...Object.entries(HONEST), ...Object.entries(one.over ?? {})]) : one.item()
  const change: unknown = { kind: "upsert", id: "odd", version: "1", item, ...one.change }
  return change as Change
}

async function meet(one: ItemCase): Promise<World> {
  const world = new World({ systems: { a: {}, b: {} } })
  world.system("a").create({ email: "first@x.com", name: "First" })
  world.system("a").create({ email: "last@x.com", name: "Last" })
  const hostile = changeOf(one)
  world.wire("a").onPage = (page: Page) => {
    const [first, ...rest] = page.changes
    return { ...page, changes: first === undefined ? [hostile] : [first, hostile, ...rest] }
  }
  await world.run()
  return world
}

/** What became of it, told by what is held and what arrived. */
function fateOf(held: readonly { readonly field: string | null }[], arrived: number): Fate | "held twice" {
  if (held.length > 1) return "held twice"
  if (held[0] === undefined) return arrived === 0 ? "nothing" : "passes"
  return held[0].field === null ? "whole" : "field"
}

describe("an item that comes between two honest ones", () => {
  it.each(ITEM_CASES)("$name: $fate", async (one) => {
    const world = await meet(one)
    expect(world.values("email")["b"]).toEqual(expect.arrayContaining(["first@x.com", "last@x.com"]))
    const held = await world.quarantined()
    const arrived = world
      .system("b")
      .live()
      .map((row) => row.item)
      .filter((item) => item["email"] !== "first@x.com" && item["email"] !== "last@x.com")
    expect(fateOf(held, arrived.length)).toBe(one.fate)
    expect(arrived).toHaveLength(one.fate === "passes" || one.fate === "field" ? 1 : 0)
    expect(held[0]?.reason ?? "").toContain(one.says ?? "")
    expect(arrived[0] ?? {}).toMatchObject(one.arrives ?? {})
    // what is kept of it is bounded, and can be stored
    expect(JSON.stringify(held).length).toBeLessThan(1_100_000)
    const before = world.writes()
    await world.run({ full: true })
    expect(world.writes()).toEqual(before)
    expect(await world.quarantined()).toEqual(held)
  })
})
