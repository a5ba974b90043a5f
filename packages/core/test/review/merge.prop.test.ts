// Whatever two records hold, joining them makes, deletes and loses nothing, and what follows comes to rest.
import fc from "fast-check"
import { expect, it } from "vitest"
import { World } from "../fake-system/world.ts"

const text = fc.constantFrom(null, "", "u", "v", "w")
const tags = fc.uniqueArray(fc.constantFrom("p", "q", "r"))
const person = fc.record({ name: text, note: text, status: fc.constantFrom("on", "off"), tags })
const NAMES = ["a", "b", "c"] as const

it("a merge writes only updates, leaves one record, agrees everywhere, and a second run writes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(person, person, person),
      fc.constantFrom("newest", "fill_blanks"),
      fc.integer({ min: 0, max: 1 }),
      fc.boolean(),
      async (people, onMatch, survivor, extra) => {
        const binding = { a: ["create: false"], b: ["create: false"], c: ["create: false"] }
        const conflicts = { tags: "union", status: "{ strictest: [off, on] }" }
        const world = new World({ systems: { a: {}, b: {}, c: {} }, match: "[[email], [phone]]", onMatch, binding, conflicts })
        world.system("a").create({ email: "x@x.com", phone: "1", ...people[0] })
        world.system(extra ? "a" : "b").create({ email: "y@x.com", phone: "2", ...people[1] })
        world.wait()
        world.system("c").create({ email: "x@x.com", phone: "2", ...people[2] })
        await world.run()
        const [review] = await world.reviews()
        const into = review?.candidates[survivor]
        if (review === undefined || into === undefined) throw new Error("nothing is asked")
        const items = NAMES.map((name) => world.system(name).live().length)
        await world.decide({ reviewId: review.id, hash: review.hash, choice: { take: "merge", into } })
        await world.run()
        await world.run({ full: true })
        const written = Object.values(world.writes()).flat()
        expect(written.filter((write) => !write.startsWith("update "))).toEqual([])
        expect(NAMES.map((name) => world.system(name).live().length)).toEqual(items)
        const [record, ...more] = await world.records()
        expect([record?.id, more, await world.reviews()]).toEqual([into, [], []])
        const links = (await world.links()).filter((link) => link.state === "live")
        expect(links.map((link) => link.owed)).toEqual(links.map(() => ({})))
        for (const link of links) {
          const row = world.system(link.binding.split(".")[0] ?? "").row(link.remoteId ?? "")
          expect(row.item["email"]).toBe(record?.fields["email"])
          expect(row.item["status"]).toBe(people.some((each) => each.status === "off") ? "off" : "on")
        }
        expect(record?.fields["tags"]).toEqual([...new Set(people.flatMap((each) => each.tags))].sort())
        await world.run({ full: true })
        expect(Object.values(world.writes()).flat()).toEqual(written)
      },
    ),
    { numRuns: 60 },
  )
})
