import fc from "fast-check"
import { expect, test } from "vitest"
import { Limiter, type Permit } from "../../src/index.ts"
import { virtualTime } from "./virtual-time.ts"

interface Call {
  readonly afterMs: number
  readonly cost: number
  readonly lastsMs: number
  readonly interactive: boolean
  readonly fate: "done" | "given back" | "cancelled"
}

const callOf = fc.record<Call>({
  afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 700 })),
  cost: fc.integer({ min: 0, max: 3 }),
  lastsMs: fc.integer({ min: 0, max: 500 }),
  interactive: fc.boolean(),
  fate: fc.constantFrom("done", "done", "done", "given back", "cancelled"),
})

const windowsOf = fc.array(fc.record({ max: fc.integer({ min: 3, max: 12 }), perMs: fc.integer({ min: 10, max: 3000 }) }), {
  minLength: 1,
  maxLength: 3,
})

test("in no position of any sliding window, and at no moment, is more underway than allowed, whoever cancels and restarts", async () => {
  await fc.assert(
    fc.asyncProperty(
      windowsOf,
      fc.integer({ min: 1, max: 4 }),
      fc.array(callOf, { maxLength: 40 }),
      fc.integer({ min: 0, max: 40 }),
      async (windows, concurrency, calls, restartAt) => {
        const time = virtualTime(0)
        const settings = { windows, concurrency }
        let limiter = new Limiter(settings, time)
        const taken: { at: number; cost: number }[] = []
        let underway = 0
        let waiting = 0
        let most = 0
        const outcomes: Promise<unknown>[] = []
        for (const [n, call] of calls.entries()) {
          await time.advance(call.afterMs)
          if (n >= restartAt && waiting === 0 && underway === 0)
            limiter = new Limiter(settings, { ...time, state: JSON.parse(JSON.stringify(limiter.state())) })
          const stop = new AbortController()
          const use = async (permit: Permit): Promise<void> => {
            waiting--
            underway++
            most = Math.max(most, underway)
            if (call.fate === "given back") {
              underway--
              return permit.giveBack()
            }
            taken.push({ at: time.now(), cost: call.cost })
            await time.sleep(call.lastsMs, new AbortController().signal)
            underway--
            permit.release()
          }
          const ask = {
            cost: call.cost,
            priority: call.interactive ? ("interactive" as const) : ("bulk" as const),
            signal: stop.signal,
            maxWaitMs: 1e9,
          }
          waiting++
          outcomes.push(limiter.acquire(ask).then(use, () => waiting--))
          if (call.fate === "cancelled") stop.abort()
        }
        while (await time.step());
        // Nobody is left waiting.
        await Promise.all(outcomes)
        expect(underway).toBe(0)
        expect(most).toBeLessThanOrEqual(concurrency)
        for (const { max, perMs } of windows) {
          for (const { at: end } of taken) {
            const used = taken.filter(({ at }) => at >= end - perMs && at <= end).reduce((sum, { cost }) => sum + cost, 0)
            expect(used).toBeLessThanOrEqual(max)
          }
        }
      },
    ),
    { numRuns: 150 },
  )
})

test("calls that are remembered together never make room too early", () => {
  fc.assert(
    fc.property(
      // Bursts that fill the window, then about as long a silence as the window lasts.
      fc.array(
        fc.oneof(
          { weight: 60, arbitrary: fc.integer({ min: 0, max: 6 }) },
          { weight: 1, arbitrary: fc.integer({ min: 19_850, max: 20_001 }) },
        ),
        {
          minLength: 100,
          maxLength: 400,
        },
      ),
      (gaps) => {
        const perMs = 20_000
        const max = 1001
        const time = virtualTime(0)
        const limiter = new Limiter({ windows: [{ max, perMs }] }, time)
        const taken: { at: number; cost: number }[] = []
        for (const gap of gaps) {
          time.set(time.now() + gap)
          const before = limiter.state().windows[0]?.spans.reduce((sum, [, , cost]) => sum + cost, 0) ?? 0
          const cost = 37
          const refused = limiter.acquire({ cost, maxWaitMs: 0 }).then(
            (permit) => permit.release(),
            () => {},
          )
          void refused
          const after = limiter.state().windows[0]?.spans.reduce((sum, [, , spent]) => sum + spent, 0) ?? 0
          if (after > before) taken.push({ at: time.now(), cost })
        }
        for (const { at: end } of taken) {
          const used = taken.filter(({ at }) => at >= end - perMs && at <= end).reduce((sum, { cost }) => sum + cost, 0)
          expect(used).toBeLessThanOrEqual(max)
        }
      },
    ),
  )
})
