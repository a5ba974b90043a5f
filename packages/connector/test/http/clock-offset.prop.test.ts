import fc from "fast-check"
import { expect, test } from "vitest"
import { ClockOffset } from "../../src/index.ts"

const START = 1_800_000_000_000

/** One call: how long after the last one, how long until the server dates its answer, how long until it arrives. */
const callOf = fc.record({
  gapMs: fc.integer({ min: 0, max: 3_600_000 }),
  thereMs: fc.integer({ min: 0, max: 5000 }),
  backMs: fc.integer({ min: 0, max: 5000 }),
})

const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000

test("the interval always holds the true offset, while the clocks drift by no more than is allowed for", () => {
  fc.assert(
    fc.property(
      fc.array(callOf, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: -86_400_000, max: 86_400_000 }),
      fc.double({ min: -0.0002, max: 0.0002, noNaN: true }),
      (calls, offset, drift) => {
        const clock = new ClockOffset()
        let now = START
        const serverTime = (): number => now + offset + (now - START) * drift
        for (const { gapMs, thereMs, backMs } of calls) {
          now += gapMs
          const sentAt = now
          now += thereMs
          const date = wholeSecond(serverTime())
          now += backMs
          clock.observe({ sentAt, receivedAt: now, date })
          const interval = clock.interval(now)
          const truth = serverTime() - now
          expect(interval?.low).toBeLessThanOrEqual(truth + 1e-3)
          expect(interval?.high).toBeGreaterThanOrEqual(truth - 1e-3)
        }
      },
    ),
  )
})

test("many quick answers narrow it down to much less than the second that a date can say", () => {
  const clock = new ClockOffset()
  for (let n = 0; n < 200; n++) {
    const sentAt = START + n * 137
    clock.observe({ sentAt, receivedAt: sentAt + 4, date: wholeSecond(sentAt + 2 + 250) })
  }
  const interval = clock.interval(START + 200 * 137)
  expect((interval?.high ?? Infinity) - (interval?.low ?? -Infinity)).toBeLessThan(100)
})

test("a server whose clock was set is believed anew", () => {
  const clock = new ClockOffset()
  clock.observe({ sentAt: START, receivedAt: START + 10, date: START })
  clock.observe({ sentAt: START + 1000, receivedAt: START + 1010, date: START + 601_000 })
  expect(clock.interval(START + 1010)?.low).toBeGreaterThan(590_000)
})

test("what is known widens with time, before and after", () => {
  const clock = new ClockOffset({ at: START, low: 0, high: 100 })
  expect(clock.interval(START)).toEqual({ low: 0, high: 100 })
  for (const now of [START + 1_000_000, START - 1_000_000]) expect(clock.interval(now)).toEqual({ low: -200, high: 300 })
})

test("it survives being saved, and says nothing before the first answer", () => {
  const clock = new ClockOffset()
  expect(clock.interval(START)).toBeNull()
  expect(ClockOffset.fromJSON(JSON.parse(JSON.stringify(clock))).interval(START)).toBeNull()
  clock.observe({ sentAt: START, receivedAt: START + 10, date: START })
  expect(ClockOffset.fromJSON(JSON.parse(JSON.stringify(clock))).interval(START + 10)).toEqual(clock.interval(START + 10))
})

test("an answer across a step of our own clock, or without a date, is ignored", () => {
  const clock = new ClockOffset()
  clock.observe({ sentAt: START, receivedAt: START - 5000, date: START })
  clock.observe({ sentAt: START, receivedAt: START + 10, date: Number.NaN })
  expect(clock.interval(START)).toBeNull()
})
