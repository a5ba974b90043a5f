// Limits: what the system says about its rate is passed on, what is declared is kept, a call that is given up ends.
import { type Check, must, show, Skip } from "../check.ts"
import { items, wire, writes } from "../needs.ts"
import { createOp, inOrder, make } from "../stand/items.ts"
import type { Stand } from "../stand/stand.ts"
import { answer } from "../wire/exchange.ts"
import { faultOf, mustBe } from "./rejected.ts"

const modeOf = ({ spec }: Stand): "snapshot" | "delta" => (spec.read.snapshot ? "snapshot" : "delta")

const withHeader: Check = {
  name: "429-says-how-long",
  area: "limits",
  says: "a 429 with Retry-After is a rate limit that says how long, and is not asked again before",
  scope: "resource",
  needs: [wire],
  run: async (stand) => {
    const { wire: line, resource } = stand
    line.rule(({ purpose }) => (purpose === "token" ? null : answer(429, { "retry-after": "120" })))
    const before = line.log.length
    const fault = await faultOf(
      () => stand.connector.pull(resource, { mode: modeOf(stand), cursor: null, limit: 5 }),
      "a read that was answered 429",
    )
    mustBe(fault, ["rateLimited"], "a read that was answered 429")
    must(
      fault.retryAfterMs !== undefined && Math.abs(fault.retryAfterMs - 120_000) < 2000,
      `the system said "Retry-After: 120", and the fault says ${show(fault.retryAfterMs)} ms`,
    )
    const asked = line.log.slice(before).filter((exchange) => exchange.asked.purpose !== "token").length
    must(asked === 1, `it was to wait two minutes, and asked ${asked} times`)
  },
}

const withoutHeader: Check = {
  name: "429-without-a-word",
  area: "limits",
  says: "a 429 that says nothing is a rate limit all the same, and no reason to hammer",
  scope: "resource",
  needs: [wire],
  run: async (stand) => {
    const { wire: line, resource } = stand
    const connector = await stand.open({ patient: true })
    line.rule(({ purpose }) => (purpose === "token" ? null : answer(429)))
    const before = line.log.length
    mustBe(
      await faultOf(() => connector.pull(resource, { mode: modeOf(stand), cursor: null, limit: 5 }), "a read that was answered 429"),
      ["rateLimited"],
      "a read that was answered 429",
    )
    const asked = line.log.slice(before).filter((exchange) => exchange.asked.purpose !== "token").length
    must(asked <= 3, `it asked ${asked} times, although every answer was 429`)
  },
}

const refusedWrite: Check = {
  name: "429-of-a-write",
  area: "limits",
  says: "a write that was answered 429 is rate-limited with the time to wait, and was not carried out",
  scope: "resource",
  needs: [wire, writes("create")],
  run: async (stand) => {
    const { wire: line, resource } = stand
    line.rule(({ purpose }) => (purpose === "write" ? answer(429, { "retry-after": "120" }) : null))
    const one = createOp(stand)
    const fault = await faultOf(async () => {
      const [outcome] = inOrder([one], await stand.connector.push(resource, [one]))
      if (outcome?.status === "applied") return outcome
      throw new (await import("@syncline/connector")).FaultError(outcome?.fault ?? { class: "invalid", message: "no outcome" })
    }, "a write that was answered 429")
    mustBe(fault, ["rateLimited"], "a write that was answered 429")
    must(
      fault.retryAfterMs !== undefined && Math.abs(fault.retryAfterMs - 120_000) < 2000,
      `the system said "Retry-After: 120", and the fault says ${show(fault.retryAfterMs)} ms`,
    )
  },
}

const kept: Check = {
  name: "declared-limits-kept",
  area: "limits",
  says: "many calls at once stay within the concurrency and the rate that it declares",
  scope: "system",
  needs: [wire],
  run: async (stand) => {
    const { wire: line, resource, definition, config } = stand
    const { concurrency, windows: all } = definition.http(config).limits
    // Those that hold for some paths only are for their connector to test.
    const windows = all.filter(({ match }) => match === undefined)
    const connector = await stand.open({ realTime: true })
    const before = line.log.length
    const count = Math.min(30, Math.max(8, (concurrency ?? 0) * 2), ...windows.filter(({ perMs }) => perMs > 1000).map(({ max }) => max))
    // Answers are held back until nobody asks any more: then all are there that are let go together.
    let gate = Promise.withResolvers<void>()
    let timer: NodeJS.Timeout | undefined
    let waiting = 0
    let most = 0
    const release = (): void => {
      waiting = 0
      gate.resolve()
      gate = Promise.withResolvers<void>()
    }
    line.rule(({ purpose }) => {
      if (purpose === "token") return null
      most = Math.max(most, ++waiting)
      clearTimeout(timer)
      timer = setTimeout(release, QUIET_MS)
      return { do: "hold", until: gate.promise }
    })
    await Promise.allSettled(Array.from({ length: count }, () => connector.pull(resource, { mode: modeOf(stand), cursor: null, limit: 1 })))
    clearTimeout(timer)
    must(concurrency === undefined || most <= concurrency, `it declares ${concurrency} calls at once, and made ${most}`)
    const passed = line.log.slice(before).filter(({ asked }) => asked.purpose !== "token")
    for (const one of passed) {
      for (const { max, perMs } of windows) {
        // The wire sees them a little closer together than they were let go.
        const within = passed.filter(({ from }) => from >= one.from && from < one.from + perMs * 0.9).length
        must(within <= max, `it declares ${max} calls in ${perMs} ms, and made ${within}`)
      }
    }
  },
}

const cancelled: Check = {
  name: "cancelled-call-ends",
  area: "limits",
  says: "a call that is given up ends at once, whatever the system does",
  scope: "system",
  needs: [wire],
  run: async (stand) => {
    const { wire: line, resource } = stand
    const connector = await stand.open()
    const started = Promise.withResolvers<void>()
    line.rule(({ purpose }) => {
      if (purpose === "token") return null
      started.resolve()
      return { do: "hang" }
    })
    const stop = new AbortController()
    const call = connector.pull(resource, { mode: modeOf(stand), cursor: null, limit: 5 }, { signal: stop.signal })
    call.catch(() => {})
    await Promise.race([started.promise, call.catch(() => {})])
    stop.abort()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<"late">((resolve) => (timer = setTimeout(() => resolve("late"), LONGEST_END_MS)))
    const ended = await Promise.race([
      call.then(
        () => "answered",
        () => "ended",
      ),
      late,
    ])
    clearTimeout(timer)
    must(
      ended === "ended",
      ended === "late" ? `a call that was given up goes on for more than ${LONGEST_END_MS / 1000} s` : "a call that was given up succeeds",
    )
  },
}

const hints: Check = {
  name: "hints-arrive",
  area: "limits",
  says: "what it listens to tells of a change, and the listening ends when it is told to",
  scope: "resource",
  needs: [items],
  run: async (stand) => {
    const { connector, resource } = stand
    if (connector.listen === undefined) throw new Skip("it listens to nothing")
    if (stand.conduct.hints !== true) throw new Skip("nobody says that changes are told here (hints: true)")
    const stop = new AbortController()
    let heard = 0
    let over = false
    const listening = connector
      .listen([resource], (name) => void (heard += name === resource ? 1 : 0), { signal: stop.signal })
      .finally(() => (over = true))
    listening.catch(() => {})
    const until = performance.now() + LONGEST_HINT_MS
    // When it has begun to listen is not said, so there is one change after the other.
    while (heard === 0 && !over && performance.now() < until) {
      await make(stand, 1)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    must(heard > 0, over ? "it stopped to listen before anybody told it to" : `in ${LONGEST_HINT_MS / 1000} s of changes it heard of none`)
    stop.abort()
    const deadline = performance.now() + LONGEST_END_MS
    while (!over && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20))
    must(over, `it was told to stop and still listens after ${LONGEST_END_MS / 1000} s`)
  },
}

const LONGEST_HINT_MS = 10_000

/** Nobody asks any more for now; on a busy machine, too. */
const QUIET_MS = 250

/** Long for a call that only has to be dropped, short against a timeout. */
const LONGEST_END_MS = 5000

export const limitChecks: readonly Check[] = [withHeader, withoutHeader, refusedWrite, kept, cancelled, hints]
