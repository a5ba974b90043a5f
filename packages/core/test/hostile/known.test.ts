// The same hostile items where an item is known already: as its next version on a page, as the answer to a write, and as
// what a lookup finds. What was there stays, and once the system speaks plainly again, both are in step and quiet.
import type { Change, Connector, JsonObject, Outcome, Page } from "@syncline/connector"
import { describe, expect, it } from "vitest"
import { runPass, type Engine } from "../../src/run/index.ts"
import { World, type WorldSpec } from "../fake-system/world.ts"
import { ITEM_CASES, type ItemCase } from "./items.ts"

const SPEC: WorldSpec = { systems: { a: {}, b: {} } }
/** Answers nothing to a write, so that it is read back. */
const MUTE: WorldSpec = { systems: { a: {}, b: { returnsItem: false } } }

/**
 * Whose item it is stays known; everything else may be odd. A version from the far future is left out: it makes every later
 * one old, which a comparison finds.
 */
const CASES = ITEM_CASES.filter(
  ({ change, over }) =>
    !("email" in (over ?? {})) &&
    (change === undefined || !["id", "kind"].some((name) => name in change)) &&
    change?.["version"] !== "9007199254740993",
)

/** Not typed as what it stands for: that it is none is the point of some. */
function odd<T extends { readonly item?: JsonObject }>(one: ItemCase, honest: T): T {
  const item =
    one.item === undefined ? Object.fromEntries([...Object.entries(honest.item ?? {}), ...Object.entries(one.over ?? {})]) : one.item()
  const hostile: unknown = { ...honest, item, ...one.change }
  return hostile as T
}

async function known(spec: WorldSpec): Promise<{ readonly world: World; readonly uid: string }> {
  const world = new World(spec)
  const uid = world.system("a").create({ email: "odd@x.com", name: "Odd", phone: "1" })
  world.system("a").create({ email: "other@x.com", name: "Other" })
  await world.run()
  world.wait()
  return { world, uid }
}

const inB = (world: World): JsonObject => world.system("b").byEmail("odd@x.com")?.item ?? {}

/** Plain answers from here on. */
async function comesToRest(world: World): Promise<void> {
  for (let pass = 0; pass < 2; pass++) {
    world.wait(60_000)
    await world.run({ full: pass === 0 })
  }
  for (const field of ["email", "name", "phone", "note", "status"])
    expect(world.values(field)["b"], field).toEqual(world.values(field)["a"])
  expect(await world.quarantined()).toEqual([])
  const before = world.writes()
  await world.run({ full: true })
  expect(world.writes()).toEqual(before)
  expect(await world.intents()).toEqual([])
}

describe("the next version of a known item", () => {
  it.each(CASES)("$name: $fate", async (one) => {
    const { world, uid } = await known(SPEC)
    const before = inB(world)
    world.system("a").edit(uid, { phone: "2" })
    world.wire("a").onPage = (page: Page) => ({
      ...page,
      changes: page.changes.map((change): Change => (change.id === uid && change.kind === "upsert" ? odd(one, change) : change)),
    })
    await world.run()
    // nothing of what could not be taken reaches the other system, and nothing is wiped out there
    const untouched = one.fate === "whole" || one.fate === "nothing"
    expect(inB(world)).toMatchObject(untouched ? before : { email: "odd@x.com" })
    // an item that was known and says nothing now is held as well
    expect((await world.quarantined()).length).toBe(one.fate === "passes" ? 0 : 1)
    world.wire("a").onPage = (page) => page
    world.system("a").edit(uid, { name: "Odd", phone: "3", note: null, status: null, tags: null, score: null })
    await comesToRest(world)
    expect(inB(world)["phone"]).toBe("3")
  })
})

/** The way from there on is the same: a third of them each, and the ones that are about this way. */
const third = (which: number): readonly ItemCase[] =>
  CASES.filter(({ name }, index) => index % 3 === which || name.startsWith("an empty item"))

describe("the answer to a write", () => {
  it.each(third(0))("$name", async (one) => {
    const { world, uid } = await known(SPEC)
    world.system("a").edit(uid, { phone: "2" })
    world.wait()
    await world.effect(runPass(answering(world, (outcome) => odd(one, outcome))))
    expect(world.system("a").item(uid)).toMatchObject({ email: "odd@x.com", phone: "2" })
    await comesToRest(world)
    expect(inB(world)["phone"]).toBe("2")
  })
})

describe("what a lookup finds", () => {
  it.each(third(1))("$name", async (one) => {
    const { world, uid } = await known(MUTE)
    world.system("a").edit(uid, { phone: "2" })
    world.wire("b").onAnswers = (answers) =>
      answers.map((answer) => ("found" in answer && answer.found.kind === "upsert" ? { found: odd(one, answer.found) } : answer))
    await world.run()
    world.wire("b").onAnswers = (answers) => answers
    await comesToRest(world)
    expect(inB(world)["phone"]).toBe("2")
  })
})

function answering(world: World, change: (outcome: Extract<Outcome, { status: "applied" }>) => Outcome): Engine {
  const connectors = new Map([...world.engine.connectors].map(([name, connector]) => [name, name === "b" ? wrapped(connector) : connector]))
  return { ...world.engine, store: world.store, connectors }

  function wrapped(connector: Connector): Connector {
    const { push } = connector
    return {
      ...connector,
      push: async (...args) => (await push(...args)).map((outcome) => (outcome.status === "applied" ? change(outcome) : outcome)),
    }
  }
}
