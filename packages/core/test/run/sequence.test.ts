import * as Effect from "effect/Effect"
import { FaultError } from "@syncline/connector"
import { describe, expect, it } from "vitest"
import { runPass } from "../../src/index.ts"
import { World } from "../fake-system/world.ts"

/** What happened, in the order in which it did. */
function recorded(world: World): readonly string[] {
  const events: string[] = []
  for (const name of Object.keys(world.systems)) {
    const wire = world.wire(name)
    wire.onPage = (page) => {
      events.push(`pull ${name}`)
      return page
    }
    wire.onPush = (ops) => void events.push(`push ${name} ${ops.map((op) => op.kind).join(",")}`)
  }
  return events
}

describe("one pass", () => {
  it("reads every system before it writes to any", async () => {
    const world = new World({ systems: { a: { pageSize: 1 }, b: { pageSize: 1 }, c: {} } })
    for (let i = 0; i < 3; i++) world.system("a").create({ email: `a${i}@x.com` })
    for (let i = 0; i < 3; i++) world.system("b").create({ email: `b${i}@x.com` })
    const events = recorded(world)
    await world.run()
    const firstPush = events.findIndex((event) => event.startsWith("push"))
    expect(events.slice(firstPush).filter((event) => event.startsWith("pull"))).toEqual([])
    expect(new Set(events.slice(0, firstPush))).toEqual(new Set(["pull a", "pull b", "pull c"]))
  })

  it("never sends more than a system takes at once, and updates before creates before deletes", async () => {
    const world = new World({ systems: { a: {}, b: { max: 2 } }, guards: "{ delete: { max: 100, percent: 100 } }" })
    for (let i = 0; i < 5; i++) world.system("a").create({ email: `a${i}@x.com`, name: "x" })
    await world.run()
    world.wait()
    world.system("a").remove("a1")
    world.system("a").edit("a2", { name: "y" })
    world.system("a").create({ email: "new@x.com" })
    const events = recorded(world)
    await world.run()
    expect(events.filter((event) => event.startsWith("push"))).toEqual(["push b update", "push b create", "push b delete"])
  })

  it("sends an edit of another field only as that field", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "X", phone: "1" })
    await world.run()
    world.system("a").edit("a1", { phone: "2" })
    await world.run()
    expect(world.system("b").written.at(-1)).toEqual({ kind: "update", id: "b1", set: { phone: "2" } })
  })

  it("tells what it did", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.system("b").create({ email: "y@x.com", name: "Y" })
    const report = await world.run()
    expect(report.systems.map(({ system, created, updated, deleted }) => [system, created, updated, deleted])).toEqual([
      ["a", 1, 0, 0],
      ["b", 1, 0, 0],
    ])
    expect([report.outcome, report.reviewsOpen, report.quarantined]).toEqual(["done", 0, 0])
  })

  it("is refused while another process holds the lease", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    await world.effect(world.store.acquire("somebody else", world.time, 60_000))
    await expect(world.run()).rejects.toMatchObject({ _tag: "LeaseHeld" })
    world.wait(61_000)
    expect((await world.run()).outcome).toBe("done")
  })

  it("writes nothing more once its lease was taken over", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    world.wire("a").onPage = (page) => {
      world.wait(61_000)
      void world.effect(world.store.acquire("somebody else", world.time, 60_000))
      return page
    }
    await expect(world.run()).rejects.toMatchObject({ _tag: "StaleLease" })
    expect(world.system("b").written).toEqual([])
  })

  it("writes to no system while another finds out that its lease was taken over", async () => {
    const world = new World({ systems: { a: {}, b: {}, c: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    const { store } = world
    const [tried, asked, decided] = [
      Promise.withResolvers<undefined>(),
      Promise.withResolvers<undefined>(),
      Promise.withResolvers<undefined>(),
    ]
    let renewals = 0
    // as slow as a store may be: it answers once both have asked, or one went on without an answer
    const slow = Object.assign(Object.create(store) as typeof store, {
      renew: (...lease: Parameters<typeof store.renew>) => {
        ;(++renewals === 1 ? asked : decided).resolve(undefined)
        return Effect.andThen(
          Effect.promise(() => decided.promise),
          Effect.suspend(() => store.renew(...lease)),
        )
      },
    })
    world.wire("b").onPush = async () => {
      await tried.promise
      world.wait(61_000)
      await world.effect(store.acquire("somebody else", world.time, 60_000))
    }
    let tries = 0
    world.wire("c").onPush = async () => {
      if (++tries > 1) return decided.resolve(undefined)
      tried.resolve(undefined)
      await asked.promise
      throw new FaultError({ class: "transient", message: "once more" })
    }
    await expect(world.effect(runPass({ ...world.engine, store: slow }))).rejects.toMatchObject({ _tag: "StaleLease" })
    expect([tries, renewals]).toEqual([1, 2])
  })

  it("leaves what waits for its next attempt alone when it is asked to be patient", async () => {
    const world = new World({ systems: { a: {}, b: {} } })
    world.system("a").create({ email: "x@x.com", name: "X" })
    let down = true
    world.wire("b").outage = (call) => (down && call === "push" ? { class: "rateLimited", message: "slow", retryAfterMs: 3_600_000 } : null)
    await world.run()
    down = false
    await world.run({ patient: true })
    expect(world.system("b").written).toEqual([])
    world.wait(3_700_000)
    await world.run({ patient: true })
    expect(world.system("b").written).toHaveLength(1)
  })
})
