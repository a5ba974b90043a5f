// The rate limiter of one system: any number of windows, checked and taken together, a concurrency cap, and what the
// system's own headers say. Enters a call that wants to go out, leaves a permit, or a `rateLimited` fault if the wait
// would be too long. Interactive calls go before bulk; within one priority first come, first served.
import { FaultError } from "../fault.ts"
import { LONGEST_PAUSE_MS, readReset, readRetryAfter } from "./retry-after.ts"
import { fitting, type CallTarget } from "./call-target.ts"
import { SlidingWindow, type WindowState } from "./window.ts"

export interface LimitWindow {
  readonly max: number
  readonly perMs: number
  /** Only calls whose path fits: `**` stands for anything, `*` for anything within a segment; a method may come first. */
  readonly match?: string
}

export interface LimitSettings {
  readonly windows: readonly LimitWindow[]
  readonly concurrency?: number
  /** Answer headers that say how much is left, when the window resets, and how long to wait after a refusal. */
  readonly headers?: { readonly remaining?: string; readonly reset?: string; readonly retryAfter?: string }
}

/** JSON, for the store: a restart must not forget the day's budget. */
export interface LimiterState {
  readonly windows: readonly { readonly perMs: number; readonly match?: string; readonly spans: WindowState }[]
  readonly pausedUntilMs: number
}

export type Priority = "interactive" | "bulk"

export interface Permit {
  /** The call is over. */
  release(): void
  /** The call never went out: what it took is given back. */
  giveBack(): void
}

export interface LimiterParts {
  /** Epoch ms. */
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly state?: LimiterState
}

interface MatchedWindow {
  readonly window: SlidingWindow
  readonly match: string | undefined
  readonly fits: (target: CallTarget) => boolean
}

interface Waiter {
  readonly cost: number
  /** Those of the windows that it counts in. */
  readonly windows: readonly SlidingWindow[]
  readonly latestMs: number
  readonly admit: (permit: Permit) => void
  readonly refuse: (error: FaultError) => void
}

/** Longest wait for a turn, unless the caller says otherwise: beyond it the engine's own schedule is the better place to wait. */
const DEFAULT_MAX_WAIT_MS = 60_000
const FIRST_PAUSE_MS = 1000
const LONGEST_GUESSED_PAUSE_MS = 60_000
/** Timers of the runtime hold no more than 31 bits. */
const LONGEST_SLEEP_MS = 2_000_000_000

export class Limiter {
  readonly #windows: readonly MatchedWindow[]
  readonly #settings: LimitSettings
  readonly #parts: LimiterParts
  readonly #queues: Readonly<Record<Priority, Waiter[]>> = { interactive: [], bulk: [] }
  #inFlight = 0
  #pausedUntil = 0
  #refusalsInRow = 0
  /** What the system said is left, until when. */
  #told: { left: number; untilMs: number } | null = null
  #lastNow = Number.NEGATIVE_INFINITY
  #alarm: AbortController | null = null

  constructor(settings: LimitSettings, parts: LimiterParts) {
    this.#settings = settings
    this.#parts = parts
    this.#windows = settings.windows.map(({ max, perMs, match }) => ({
      window: new SlidingWindow(max, perMs),
      match,
      fits: match === undefined ? () => true : fitting(match),
    }))
    const now = this.#now()
    for (const { window, match } of this.#windows) {
      const saved = parts.state?.windows.find((each) => each.perMs === window.perMs && each.match === match)
      if (saved !== undefined) window.restore(saved.spans, now)
    }
    this.#pausedUntil = Math.min(parts.state?.pausedUntilMs ?? 0, now + LONGEST_PAUSE_MS)
  }

  acquire(
    ask: { cost?: number; priority?: Priority; signal?: AbortSignal; maxWaitMs?: number; target?: CallTarget } = {},
  ): Promise<Permit> {
    const { cost = 1, priority = "bulk", signal, maxWaitMs = DEFAULT_MAX_WAIT_MS, target } = ask
    const windows = this.#windows
      .filter(({ match, fits }) => match === undefined || (target !== undefined && fits(target)))
      .map(({ window }) => window)
    const tooSmall = windows.find((window) => cost > window.max)
    if (tooSmall !== undefined || !(cost >= 0))
      throw new RangeError(`a call of cost ${cost} can never fit a limit of ${tooSmall?.max ?? 0}`)
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(cancelled(signal))
      const queue = this.#queues[priority]
      const leave = (): void => {
        const place = queue.indexOf(waiter)
        if (place >= 0) queue.splice(place, 1)
        reject(cancelled(signal))
        this.#admit()
      }
      const waiter: Waiter = {
        cost,
        windows,
        latestMs: this.#now() + maxWaitMs,
        admit: (permit) => {
          signal?.removeEventListener("abort", leave)
          resolve(permit)
        },
        refuse: (error) => {
          signal?.removeEventListener("abort", leave)
          reject(error)
        },
      }
      signal?.addEventListener("abort", leave, { once: true })
      queue.push(waiter)
      this.#admit()
    })
  }

  /** Nothing goes out before then. Never shortens a pause that is longer. */
  pause(forMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + Math.min(forMs, LONGEST_PAUSE_MS))
    this.#admit()
  }

  /** Learns from an answer. Returns how long to hold back, if the system refused the call for its rate. */
  observe(answer: { status: number; headers: Readonly<Record<string, string>> }): number | undefined {
    const now = this.#now()
    const { status, headers } = answer
    const retryAfterMs = this.#retryAfterMs(headers, now)
    const resetMs = readReset(headerOf(headers, this.#settings.headers?.reset), headers["date"], now)
    if (status === 429) return this.refused(headers)
    if (status === 503 && retryAfterMs !== undefined) this.pause(retryAfterMs)
    if (status < 400) this.#refusalsInRow = 0
    const remaining = headerOf(headers, this.#settings.headers?.remaining)
    if (remaining !== undefined && /^\d{1,9}$/.test(remaining.trim())) {
      const shortest = Math.min(FIRST_PAUSE_MS, ...this.#windows.map(({ window }) => window.perMs))
      // Other calls on their way are perhaps not counted in it yet.
      this.#told = { left: Number(remaining) - Math.max(0, this.#inFlight - 1), untilMs: now + (resetMs ?? shortest) }
    }
    return undefined
  }

  /** A call was refused for its rate, in whatever words. Returns how long to hold back. */
  refused(headers: Readonly<Record<string, string>>, forMs?: number): number {
    const now = this.#now()
    // Ten calls that were out together and are refused together are one refusal.
    if (now >= this.#pausedUntil) this.#refusalsInRow++
    const guessedMs = Math.min(FIRST_PAUSE_MS * 2 ** (this.#refusalsInRow - 1), LONGEST_GUESSED_PAUSE_MS)
    const resetMs = readReset(headerOf(headers, this.#settings.headers?.reset), headers["date"], now)
    const holdMs = forMs ?? this.#retryAfterMs(headers, now) ?? resetMs ?? guessedMs
    this.pause(holdMs)
    return holdMs
  }

  state(): LimiterState {
    const now = this.#now()
    return {
      windows: this.#windows.map(({ window, match }) => ({
        perMs: window.perMs,
        spans: window.state(now),
        ...(match === undefined ? {} : { match }),
      })),
      pausedUntilMs: this.#pausedUntil > now ? this.#pausedUntil : 0,
    }
  }

  /** Whoever still waits is refused. */
  close(): void {
    this.#alarm?.abort()
    for (const queue of Object.values(this.#queues)) {
      for (const waiter of queue.splice(0)) waiter.refuse(new FaultError({ class: "transient", message: "The client was closed." }))
    }
  }

  #admit(): void {
    this.#alarm?.abort()
    this.#alarm = null
    for (;;) {
      const queue = this.#queues.interactive.length > 0 ? this.#queues.interactive : this.#queues.bulk
      if (queue.length === 0 || this.#inFlight >= (this.#settings.concurrency ?? Number.POSITIVE_INFINITY)) return
      const now = this.#now()
      const next = this.#next(queue, now)
      if (typeof next === "number") return this.#wakeIn(next)
      const { waiter, waitMs } = next
      queue.splice(queue.indexOf(waiter), 1)
      if (waitMs === 0) waiter.admit(this.#take(now, waiter))
      else {
        const message = `The rate limit leaves no room for another ${Math.ceil(waitMs / 1000)} s.`
        waiter.refuse(new FaultError({ class: "rateLimited", message, retryAfterMs: waitMs }))
      }
    }
  }

  /**
   * Whoever's turn it is, to go or to be refused; else the time until somebody's is. First come, first served: a call
   * overtakes another one only if it counts in none of the windows that the other one waits for.
   */
  #next(queue: readonly Waiter[], now: number): { readonly waiter: Waiter; readonly waitMs: number } | number {
    const awaited = new Set<SlidingWindow>()
    let soonestMs = Number.POSITIVE_INFINITY
    for (const waiter of queue) {
      if (waiter.windows.some((window) => awaited.has(window))) continue
      const forAllMs = this.#waitMs(now, waiter.cost)
      const full = waiter.windows.filter((window) => window.waitMs(now, waiter.cost) > 0)
      const waitMs = Math.max(forAllMs, ...full.map((window) => window.waitMs(now, waiter.cost)))
      if (waitMs === 0 || now + waitMs > waiter.latestMs) return { waiter, waitMs }
      soonestMs = Math.min(soonestMs, waitMs)
      if (forAllMs > 0) break
      for (const window of full) awaited.add(window)
    }
    return soonestMs
  }

  /** As the system itself says, for every call. */
  #waitMs(now: number, cost: number): number {
    const pausedMs = Math.max(0, this.#pausedUntil - now)
    const used = this.#told !== null && this.#told.untilMs > now && this.#told.left < cost
    return used ? Math.max(pausedMs, (this.#told?.untilMs ?? now) - now) : pausedMs
  }

  #retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
    return readRetryAfter(headerOf(headers, this.#settings.headers?.retryAfter) ?? headers["retry-after"], headers["date"], now)
  }

  #take(takenAt: number, { cost, windows }: Waiter): Permit {
    for (const window of windows) window.take(takenAt, cost)
    if (this.#told !== null) this.#told.left -= cost
    this.#inFlight++
    let held = true
    const end = (unused: boolean) => (): void => {
      if (!held) return
      held = false
      this.#inFlight--
      if (unused) {
        for (const window of windows) window.giveBack(takenAt, cost)
        if (this.#told !== null) this.#told.left += cost
      }
      this.#admit()
    }
    return { release: end(false), giveBack: end(true) }
  }

  #wakeIn(ms: number): void {
    const alarm = new AbortController()
    this.#alarm = alarm
    const wake = (): void => {
      if (!alarm.signal.aborted) this.#admit()
    }
    // A sleep that is called off rejects; there is nobody left to wake.
    this.#parts.sleep(Math.min(ms, LONGEST_SLEEP_MS), alarm.signal).then(wake, () => {})
  }

  #now(): number {
    const now = this.#parts.now()
    if (now < this.#lastNow) {
      const back = now - this.#lastNow
      for (const { window } of this.#windows) window.shift(back)
      if (this.#pausedUntil > 0) this.#pausedUntil += back
      if (this.#told !== null) this.#told.untilMs += back
    }
    this.#lastNow = now
    return now
  }
}

const headerOf = (headers: Readonly<Record<string, string>>, name: string | undefined): string | undefined =>
  name === undefined ? undefined : headers[name.toLowerCase()]

const cancelled = (signal: AbortSignal | undefined): FaultError =>
  new FaultError({ class: "transient", message: "The call was cancelled before it was sent." }, { cause: signal?.reason })
