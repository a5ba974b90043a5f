// A system that answers so many calls in so many seconds and refuses the rest, and the client in front of it: one per process,
// which learns from refusals what its windows are, or was told. In: when a call goes out. Out: when it may, and what the system
// says to it. I18 is judged here: nothing goes out before the time that was named, or beyond a window that was declared.
import { FaultError, Limiter, type LimiterState, type Permit } from "@syncline/connector"
import type { Chance } from "./random.ts"
import type { SimSystem } from "./system.ts"
import type { Timeline } from "./timeline.ts"

export interface RateWindow {
  readonly max: number
  readonly perMs: number
  /** The client knows of it; else it learns it by being refused. */
  readonly declared: boolean
  /** What a refusal says of how long to wait. */
  readonly says: "seconds" | "date" | "nonsense" | "nothing"
}

export const drawWindow = (chance: Chance): RateWindow => ({
  max: chance.of([5, 8, 20]),
  perMs: chance.of([1_000, 4_000, 10_000]),
  declared: chance.is(0.5),
  says: chance.of(["seconds", "date", "nonsense", "nothing"] as const),
})

export const tellWindow = ({ max, perMs, declared, says }: RateWindow): string =>
  `${max} calls in ${perMs} ms, ${declared ? "which is known" : `which nobody knows; it refuses the rest, and says ${says}`}`

/** On the way there calls come closer together, or further apart. */
const JITTER_MS = 60

/** Calls within a stretch of time, both ends included. */
class Count {
  readonly times: number[]
  constructor(times: readonly number[] = []) {
    this.times = [...times]
  }
  within(now: number, perMs: number): readonly number[] {
    while (this.times[0] !== undefined && now - this.times[0] >= perMs) this.times.shift()
    return this.times
  }
}

/** What a process leaves behind for the next one. */
interface Memory {
  readonly limits: LimiterState
  readonly departures: readonly number[]
}

/** The system's side. */
export class Gate {
  readonly window: RateWindow
  readonly system: SimSystem
  readonly time: Timeline
  readonly rude: (what: string) => void
  readonly note: (what: string) => void
  memory: Memory | null = null
  /** Set: a window that nobody knows of refuses nobody any more. */
  open = false
  private readonly all = new Count()

  constructor(window: RateWindow, system: SimSystem, time: Timeline, rude: (what: string) => void, note: (what: string) => void) {
    this.window = window
    this.system = system
    this.time = time
    this.rude = rude
    this.note = note
  }
  /** How long until there is room; 0: now, and it is taken. */
  enter(): number {
    const { now } = this.time
    const { max, perMs, declared } = this.window
    const times = this.all.within(now, perMs)
    const [first] = times
    if (first !== undefined && times.length >= max && !(this.open && !declared)) return first + perMs - now
    this.all.times.push(now)
    return 0
  }
}

/** The client's side, in one process. */
export class Turnstile {
  private readonly gate: Gate
  private readonly limiter: Limiter
  private readonly departures: Count
  private refusedAt = 0
  private notBefore = 0

  constructor(gate: Gate) {
    this.gate = gate
    const { window, memory, time } = gate
    this.departures = new Count(memory?.departures)
    this.limiter = new Limiter(
      { windows: window.declared ? [{ max: window.max, perMs: window.perMs + JITTER_MS }] : [] },
      {
        now: () => time.now,
        sleep: (ms, signal) =>
          new Promise((resolve, reject) => {
            signal.addEventListener("abort", () => reject(new Error("called off")), { once: true })
            time.at(time.now + ms, resolve)
          }),
        ...(memory === null ? {} : { state: memory.limits }),
      },
    )
  }
  /** Waits for its turn; gives up where that would take too long. */
  async leave(): Promise<Permit> {
    const permit = await this.limiter.acquire()
    const { window, system, rude, time } = this.gate
    const { now } = time
    // by when it goes out: a process that is stopped right then sends it much later
    const own = this.departures.within(now, window.perMs)
    if (window.declared && own.length >= window.max)
      rude(`${system.name} is called ${own.length + 1} times within ${window.perMs} ms, and ${window.max} were declared`)
    this.departures.times.push(now)
    if (now > this.refusedAt && now < this.notBefore)
      rude(`${system.name} is called ${this.notBefore - now} ms before the time that it named`)
    return permit
  }
  /** The call is there. */
  arrive(): void {
    const { time, system } = this.gate
    const restMs = this.gate.enter()
    const date = new Date(system.clock()).toUTCString()
    if (restMs === 0) {
      this.limiter.observe({ status: 200, headers: { date } })
      return
    }
    this.refusedAt = time.now
    const told = this.say(restMs)
    const holdMs = this.limiter.observe({ status: 429, headers: { date, ...(told === null ? {} : { "retry-after": told }) } })
    const message = told === null ? "too many calls" : `too many calls, it says ${told}`
    this.gate.note(`${system.name}: ${message}`)
    throw new FaultError({
      class: "rateLimited",
      message,
      ...(holdMs === undefined ? {} : { retryAfterMs: holdMs }),
    })
  }
  /** The process ends, and has time to write down what it knows. */
  end(): void {
    this.gate.memory = { limits: this.limiter.state(), departures: this.departures.times }
  }

  private say(restMs: number): string | null {
    const { time, system, window } = this.gate
    switch (window.says) {
      case "seconds": {
        const seconds = Math.ceil(restMs / 1_000)
        this.notBefore = time.now + seconds * 1_000
        return String(seconds)
      }
      case "date": {
        const at = Math.ceil((system.clock() + restMs) / 1_000) * 1_000
        this.notBefore = at - (system.clock() - time.now)
        return new Date(at).toUTCString()
      }
      case "nonsense":
        return "soon"
      case "nothing":
        return null
    }
  }
}
