import { describe, expect, test } from "vitest"
import { FaultError, Limiter, type LimiterState, type LimitSettings, type Permit } from "../../src/index.ts"
import { virtualTime, type VirtualTime } from "./virtual-time.ts"

const open = (settings: LimitSettings, time: VirtualTime, state?: LimiterState): Limiter =>
  new Limiter(settings, { now: time.now, sleep: time.sleep, ...(state === undefined ? {} : { state }) })

const SECOND = 1000
const DAY = 86_400_000

/** Notes the virtual second at which each call gets its turn. */
const record = (limiter: Limiter, time: VirtualTime) => {
  const start = time.now()
  const turns: [name: string, atMs: number][] = []
  const call = (name: string, ask: Parameters<Limiter["acquire"]>[0] = {}): Promise<Permit> =>
    limiter.acquire({ maxWaitMs: DAY * 2, ...ask }).then((permit) => {
      turns.push([name, time.now() - start])
      return permit
    })
  return { turns, call }
}

describe("windows", () => {
  test("a window lets its number through at once, and the next one when the first has left", async () => {
    const time = virtualTime()
    const { turns, call } = record(open({ windows: [{ max: 2, perMs: SECOND }] }, time), time)
    for (const name of ["a", "b", "c", "d", "e"]) void call(name)
    await time.advance(5 * SECOND)
    expect(turns).toEqual([
      ["a", 0],
      ["b", 0],
      ["c", 1001],
      ["d", 1001],
      ["e", 2002],
    ])
  })

  test("several windows hold together: the tightest decides, and nothing is taken from the others while waiting", async () => {
    const time = virtualTime()
    const limiter = open(
      {
        windows: [
          { max: 2, perMs: SECOND },
          { max: 3, perMs: 60 * SECOND },
        ],
      },
      time,
    )
    const { turns, call } = record(limiter, time)
    for (const name of ["a", "b", "c", "d"]) void call(name)
    await time.advance(30 * SECOND)
    expect(turns.map(([name]) => name)).toEqual(["a", "b", "c"])
    expect(limiter.state().windows.map((window) => window.spans.reduce((sum, [, , cost]) => sum + cost, 0))).toEqual([0, 3])
    await time.advance(31 * SECOND)
    expect(turns.at(-1)).toEqual(["d", 60_001])
  })

  test("a costly call takes its cost, and one that can never fit is refused as a mistake", async () => {
    const time = virtualTime()
    const limiter = open({ windows: [{ max: 10, perMs: SECOND }] }, time)
    const { turns, call } = record(limiter, time)
    void call("seven", { cost: 7 })
    void call("four", { cost: 4 })
    await time.advance(2 * SECOND)
    expect(turns).toEqual([
      ["seven", 0],
      ["four", 1001],
    ])
    expect(() => limiter.acquire({ cost: 11 })).toThrow(RangeError)
  })

  test("a call that never went out gives back what it took", async () => {
    const time = virtualTime()
    const { turns, call } = record(open({ windows: [{ max: 1, perMs: SECOND }] }, time), time)
    const first = await call("a")
    void call("b")
    first.giveBack()
    first.release()
    await time.advance(1)
    expect(turns).toEqual([
      ["a", 0],
      ["b", 0],
    ])
  })

  test("a waiter that is cancelled leaves nothing behind", async () => {
    const time = virtualTime()
    const limiter = open({ windows: [{ max: 1, perMs: SECOND }] }, time)
    const { turns, call } = record(limiter, time)
    void call("a")
    const stop = new AbortController()
    const cancelled = call("b", { signal: stop.signal }).catch((error: unknown) => error)
    void call("c")
    stop.abort()
    expect(await cancelled).toBeInstanceOf(FaultError)
    expect(await call("never", { signal: AbortSignal.abort() }).catch((error: unknown) => error)).toBeInstanceOf(FaultError)
    await time.advance(5 * SECOND)
    expect(turns).toEqual([
      ["a", 0],
      ["c", 1001],
    ])
  })

  test("a wait that would be too long is refused at once, with the time it would take", async () => {
    const time = virtualTime()
    const limiter = open({ windows: [{ max: 1, perMs: DAY }] }, time)
    await limiter.acquire()
    const error = await limiter.acquire({ maxWaitMs: 60_000 }).catch((reason: unknown) => reason)
    expect(error instanceof FaultError && error.fault).toMatchObject({ class: "rateLimited", retryAfterMs: DAY + 1 })
  })
})

describe("turns", () => {
  test("interactive calls go before bulk, and each kind in its own order", async () => {
    const time = virtualTime()
    const { turns, call } = record(open({ windows: [{ max: 1, perMs: SECOND }] }, time), time)
    for (const name of ["bulk 1", "bulk 2", "bulk 3"]) void call(name)
    for (const name of ["person 1", "person 2"]) void call(name, { priority: "interactive" })
    await time.advance(10 * SECOND)
    expect(turns.map(([name]) => name)).toEqual(["bulk 1", "person 1", "person 2", "bulk 2", "bulk 3"])
  })

  test("no more calls are underway than the concurrency allows", async () => {
    const time = virtualTime()
    const { turns, call } = record(open({ windows: [], concurrency: 2 }, time), time)
    const [first] = await Promise.all([call("a"), call("b")])
    void call("c")
    await time.advance(60 * SECOND)
    expect(turns).toHaveLength(2)
    first?.release()
    first?.release()
    void call("d")
    await time.advance(1)
    expect(turns.map(([name]) => name)).toEqual(["a", "b", "c"])
  })

  test("closing refuses whoever waits", async () => {
    const time = virtualTime()
    const limiter = open({ windows: [], concurrency: 1 }, time)
    await limiter.acquire()
    const waiting = limiter.acquire().catch((error: unknown) => error)
    limiter.close()
    expect(await waiting).toBeInstanceOf(FaultError)
  })
})

describe("what the system says", () => {
  test("Retry-After pauses every call", async () => {
    const time = virtualTime()
    const limiter = open({ windows: [] }, time)
    const { turns, call } = record(limiter, time)
    expect(limiter.observe({ status: 429, headers: { "retry-after": "7" } })).toBe(7000)
    void call("a")
    await time.advance(10 * SECOND)
    expect(turns).toEqual([["a", 7000]])
  })

  test("refusals without a header double the pause, and a success ends that", async () => {
    const time = virtualTime()
    const limiter = open({ windows: [] }, time)
    const refusedFor: (number | undefined)[] = []
    for (let n = 0; n < 8; n++) {
      refusedFor.push(limiter.observe({ status: 429, headers: {} }))
      await time.advance(60 * SECOND)
    }
    expect(refusedFor).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
    limiter.observe({ status: 200, headers: {} })
    expect(limiter.observe({ status: 429, headers: {} })).toBe(1000)
  })

  test("calls that were out together and are refused together count once", () => {
    const limiter = open({ windows: [] }, virtualTime())
    const together = Array.from({ length: 10 }, () => limiter.observe({ status: 429, headers: {} }))
    expect(new Set(together)).toEqual(new Set([1000]))
  })

  const headers = { remaining: "X-RateLimit-Remaining", reset: "X-RateLimit-Reset" }

  test.each([
    ["seconds from now", (_now: number) => "5"],
    ["epoch seconds", (now: number) => String((now + 5000) / 1000)],
    ["epoch milliseconds", (now: number) => String(now + 5000)],
    ["an HTTP date", (now: number) => new Date(now + 5000).toUTCString()],
  ])("nothing remaining holds calls back until the reset, told as %s, by the system's own clock", async (_title, reset) => {
    const time = virtualTime()
    const limiter = open({ windows: [], headers }, time)
    const { turns, call } = record(limiter, time)
    const theirs = time.now() + 3_600_000
    limiter.observe({
      status: 200,
      headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset(theirs), date: new Date(theirs).toUTCString() },
    })
    void call("a")
    await time.advance(10 * SECOND)
    expect(turns).toEqual([["a", 5000]])
  })

  test("what remains is used up and no further", async () => {
    const time = virtualTime()
    const limiter = open({ windows: [], headers }, time)
    const { turns, call } = record(limiter, time)
    limiter.observe({ status: 200, headers: { "x-ratelimit-remaining": "2", "x-ratelimit-reset": "30" } })
    for (const name of ["a", "b", "c"]) void call(name)
    await time.advance(60 * SECOND)
    expect(turns).toEqual([
      ["a", 0],
      ["b", 0],
      ["c", 30_000],
    ])
  })

  test("nonsense in headers changes nothing", async () => {
    const time = virtualTime()
    const limiter = open({ windows: [], headers }, time)
    const { turns, call } = record(limiter, time)
    for (const nonsense of ["", "-5", "many", "1e999", "NaN", "12, 12"]) {
      limiter.observe({
        status: 200,
        headers: { "x-ratelimit-remaining": nonsense, "x-ratelimit-reset": nonsense, "retry-after": nonsense },
      })
    }
    void call("a")
    await time.advance(0)
    expect(turns).toEqual([["a", 0]])
  })
})

describe("a restart", () => {
  test("does not forget the day's budget", async () => {
    const time = virtualTime()
    const settings = {
      windows: [
        { max: 3, perMs: DAY },
        { max: 2, perMs: SECOND },
      ],
    }
    const before = open(settings, time)
    await Promise.all([before.acquire(), before.acquire()])
    before.pause(10 * SECOND)
    await time.advance(5 * SECOND)
    const saved: LimiterState = JSON.parse(JSON.stringify(before.state()))
    const limiter = open(settings, time, saved)
    const { turns, call } = record(limiter, time)
    void call("third of the day")
    void call("fourth of the day")
    await time.advance(DAY * 2)
    expect(turns).toEqual([
      ["third of the day", 5000],
      ["fourth of the day", DAY + 1 - 5000],
    ])
  })

  test("with a clock that was set back holds no longer than the window", async () => {
    const time = virtualTime()
    const settings = { windows: [{ max: 1, perMs: SECOND }] }
    const before = open(settings, time)
    await before.acquire()
    const saved = before.state()
    time.set(time.now() - DAY)
    const { turns, call } = record(open(settings, time, saved), time)
    void call("a")
    await time.advance(5 * SECOND)
    expect(turns).toEqual([["a", 1001]])
  })

  test("ten thousand calls a day are remembered in a thousand entries", async () => {
    const time = virtualTime()
    const limiter = open({ windows: [{ max: 10_000, perMs: DAY }] }, time)
    for (let n = 0; n < 10_000; n++) {
      const permit = await limiter.acquire()
      permit.release()
      time.set(time.now() + 8000)
    }
    expect(limiter.state().windows[0]?.spans.length).toBeLessThanOrEqual(1001)
  })
})

test("a clock that is set back while calls wait does not stop them for that long", async () => {
  const time = virtualTime()
  const limiter = open({ windows: [{ max: 1, perMs: SECOND }] }, time)
  await limiter.acquire()
  time.set(time.now() - DAY)
  const { turns, call } = record(limiter, time)
  void call("a")
  await time.advance(5 * SECOND)
  expect(turns).toEqual([["a", 1001]])
})
