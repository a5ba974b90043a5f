// Writes that are begun together go out one after the other, and what is learnt between them counts.
import { expect, it } from "vitest"
import { World } from "../fake-system/world.ts"
import { settle } from "./in-step.ts"

it("a write that waits for its turn is not sent over an edit that was shown meanwhile", async () => {
  const world = new World({ systems: { a: {}, b: { max: 1, guard: "none" } } })
  for (const n of [1, 2]) world.system("a").create({ email: `p${n}@x.com`, name: `P${n}`, phone: `1${n}` })
  await world.run()
  world.wait()
  world.system("a").edit("a1", { name: "A1" })
  world.system("a").edit("a2", { name: "A2" })
  world.wait()
  const { write } = world.system("b")
  let typed = false
  world.system("b").write = (op) => {
    const outcome = write.call(world.system("b"), op)
    if (op.kind !== "update" || typed || outcome.status !== "applied" || outcome.item === undefined) return outcome
    typed = true
    world.system("b").edit(op.id === "b1" ? "b2" : "b1", { name: "Typed" })
    // an answer without the field has others asked whether they still show it
    const { phone: _, ...item } = outcome.item
    return { ...outcome, item }
  }
  await settle(world)
  expect(typed).toBe(true)
  expect(world.wire("b").pushed.map((op) => op.set["name"])).toEqual(["P1", "P2", expect.stringMatching(/^A[12]$/)])
  expect(world.values("name")["b"]).toContain("Typed")
  expect(world.values("name")["a"]).toEqual(world.values("name")["b"])
})
