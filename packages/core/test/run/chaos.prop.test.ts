import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Chaos } from "./chaos.ts"
import { life } from "./life.ts"

const RUNS = Number(process.env["PROP_RUNS"] ?? 40)

describe("whatever happens to writes, answers and processes", () => {
  it("systems come to equal values or an open question, nobody is there twice, and no value is lost without a word", async () => {
    await fc.assert(
      fc.asyncProperty(life(), async (of) => {
        const chaos = new Chaos(of)
        await chaos.live(of.steps)
        await chaos.settle()
        expect(await chaos.complaints()).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  it.each(["review", "edit_wins", "delete_wins"])("with deletes among the edits, where %s", async (rule) => {
    await fc.assert(
      fc.asyncProperty(life({ remove: 1 }), async (of) => {
        const chaos = new Chaos(of, rule)
        await chaos.live(of.steps)
        await chaos.settle()
        expect(await chaos.complaints()).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  it("people who change their addresses stay one person each, the same everywhere", async () => {
    await fc.assert(
      fc.asyncProperty(life({ rename: 3 }), async (of) => {
        const chaos = new Chaos(of)
        await chaos.live(of.steps)
        await chaos.settle()
        expect(await chaos.differences()).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  it("people who change their addresses and come and go are the same everywhere", async () => {
    await fc.assert(
      fc.asyncProperty(life({ rename: 3, remove: 2 }), async (of) => {
        const chaos = new Chaos(of)
        await chaos.live(of.steps)
        await chaos.settle()
        expect(await chaos.differences(false)).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })
})
