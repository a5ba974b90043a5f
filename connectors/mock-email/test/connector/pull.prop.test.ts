// Whatever happens to the list while it is read: who follows a snapshot and then deltas ends up with what is there.
import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Change, Cursor, JsonObject } from "@syncline/connector"
import { connect, type Connected } from "./connected.ts"
import { listIn, members } from "../platform.ts"

type Step =
  | { readonly do: "add" }
  | { readonly do: "edit" | "move" | "archive" | "return" | "erase"; readonly whom: number }
  | { readonly do: "wait"; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("add" as const) }),
  fc.record({
    do: fc.constantFrom("edit" as const, "move" as const, "archive" as const, "return" as const, "erase" as const),
    whom: fc.nat(20),
  }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 5000 }) }),
)
const story = fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 8 })

describe("following a list that does not stand still", () => {
  let connected: Connected
  beforeAll(async () => {
    connected = await connect({ now: () => Date.parse("2026-03-01T10:00:00.500Z") })
  })
  afterAll(() => connected.close())

  let counter = 0
  const call = async (method: string, path: string, body?: JsonObject) => (await connected.platform.call(method, path, body)).body
  const everyone = async (): Promise<JsonObject[]> => listIn(await call("GET", `${members}?count=1000&sort=created`))

  const play = async (happening: Step): Promise<void> => {
    counter += 1
    if (happening.do === "wait") return void (await call("POST", "/admin/clock", { advance_ms: happening.ms }))
    if (happening.do === "add") return void (await call("POST", members, { email_address: `new${counter}@x.com` }))
    const there = await everyone()
    const id = there[happening.whom % Math.max(1, there.length)]?.["id"]
    if (typeof id !== "string") return
    const url = `${members}/${id}`
    if (happening.do === "erase") await call("POST", `${url}/actions/delete-permanent`)
    else if (happening.do === "archive") await call("DELETE", url)
    else if (happening.do === "return") await call("PATCH", url, { status: "subscribed" })
    else if (happening.do === "move") await call("PATCH", url, { email_address: `moved${counter}@x.com` })
    else await call("PATCH", url, { tags: [`edit${counter}`] })
  }

  it("a snapshot and the deltas after it miss nobody, and an absence from a complete snapshot is one", async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.integer({ min: 1, max: 4 }), async (chapters, limit) => {
        await call("POST", "/admin/reset")
        await connected.platform.call(
          "POST",
          "/admin/seed",
          Array.from({ length: 8 }, (_, i) => ({ email_address: `p${i}@x.com` })),
        )
        const fromStart = await everyone()
        const copy = new Map<string, Change>()
        const scan = async (mode: "snapshot" | "delta", from: Cursor): Promise<{ next: Cursor; complete: boolean }> => {
          let cursor = from
          for (;;) {
            const page = await connected.connector.pull("members", { mode, cursor, limit })
            for (const change of page.changes) copy.set(String(change.secondary), change)
            cursor = page.next
            if (!page.more) return { next: cursor, complete: page.complete }
            for (const happening of chapters.shift() ?? []) await play(happening)
          }
        }
        let { next, complete } = await scan("snapshot", null)
        const stayed = new Set((await everyone()).map((member) => member["contact_id"]))
        const missed = fromStart
          .map((member) => String(member["contact_id"]))
          .filter((contact) => stayed.has(contact) && !copy.has(contact))
        expect(complete ? missed : next).toEqual(complete ? [] : null)
        for (let rounds = 0; chapters.length > 0 && rounds < 20; rounds++) {
          for (const happening of chapters.shift() ?? []) await play(happening)
          ;({ next, complete } = await scan(next === null ? "snapshot" : "delta", next))
        }
        do ({ next, complete } = await scan(next === null ? "snapshot" : "delta", next))
        while (!complete)
        for (const member of await everyone()) {
          const expected = member["status"] === "archived" ? { kind: "delete", soft: true } : { kind: "upsert", item: member }
          expect(copy.get(String(member["contact_id"]))).toMatchObject({ id: member["id"], ...expected })
        }
      }),
      { numRuns: 40 },
    )
  })
})
