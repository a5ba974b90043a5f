// `run --watch`: pass after pass as the schedule says. A system that is down is said once, tried again by the schedule,
// and said once more when it is back; a quiet pass says nothing.
import type { RunReport } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { CliFailure } from "../failure.ts"
import { cleanText } from "../render/clean.ts"
import { showSpan } from "../render/moment.ts"
import { clock, passLine, writesOf } from "../render/report.ts"
import type { Screen } from "../screen/screen.ts"
import { listenForHints } from "../wire/hints.ts"
import { listenForInterrupt } from "../wire/interrupt.ts"
import { locate } from "../wire/locate.ts"
import { withSession, type Opened } from "../wire/opened.ts"
import { explainTrouble } from "../wire/trouble.ts"
import type { RunOptions } from "./run.ts"

/** Each quiet pass makes the next pause this much longer, up to the schedule's idle time. */
const BACK_OFF = 1.5

/** What was said already, and need not be said again. */
interface Seen {
  readonly down: Set<string>
  said: string | null
}

export async function watch(screen: Screen, file: string | undefined, options: RunOptions): Promise<ExitCode> {
  const located = locate(screen, file)
  const interrupt = listenForInterrupt(screen, "Ending after the write under way.")
  try {
    return await withSession(
      screen,
      located,
      { ...(options.store === undefined ? {} : { store: options.store }), writing: true },
      async (opened) => {
        const { everyMs, idleMs } = opened.pipeline.poll
        screen.note(
          `Watching ${located.shown}: every ${showSpan(everyMs)}, up to ${showSpan(Math.max(everyMs, idleMs))} while nothing changes. Ctrl-C ends it.`,
        )
        const hints = listenForHints(opened, screen, interrupt.signal)
        const seen: Seen = { down: new Set(), said: null }
        let pauseMs = everyMs
        let eager = false
        for (let first = true; !interrupt.signal.aborted; first = false) {
          const before = seen.down.size
          const report = await onePass(screen, opened, { ...options, full: options.full && first, eager }, interrupt.signal, seen)
          if (interrupt.signal.aborted) break
          // A system that is back gets at once what was kept for it, however long its next attempt was put off.
          eager = seen.down.size < before
          const busy = report === null || report.unreachable.length > 0 || passLine(report) !== null
          pauseMs = busy ? everyMs : Math.min(Math.max(everyMs, idleMs), Math.round(pauseMs * BACK_OFF))
          if (eager) continue
          await interrupt.pause(pauseMs, hints.next())
          if (hints.take()) pauseMs = everyMs
        }
        screen.note("Stopped. Nothing is lost; the next run goes on from here.")
        return EXIT.interrupted
      },
    )
  } finally {
    interrupt.stop()
  }
}

async function onePass(
  screen: Screen,
  { session, located }: Opened,
  options: RunOptions & { readonly eager: boolean },
  signal: AbortSignal,
  seen: Seen,
): Promise<RunReport | null> {
  try {
    const { passOf } = await import("../wire/engine.ts")
    const report = await passOf(
      session.engine,
      { full: options.full, patient: !options.eager, ...(options.allow === undefined ? {} : { allow: options.allow }) },
      signal,
    )
    await session.remember(report)
    if (signal.aborted) return report
    tellReach(screen, report, seen.down)
    const line = passLine(report)
    // A guard that trips at every pass, a write that is put off again: once is enough.
    if (line !== null && (writesOf(report) > 0 || line !== seen.said)) {
      screen.out(`${screen.paint.dim(clock(report.endedAt))} ${line}`)
      if (report.guards.length > 0) screen.out(screen.paint.dim(`  See: syncline plan ${located.shown}`))
    }
    seen.said = line
    screen.answer("run", report)
    return report
  } catch (error) {
    if (signal.aborted) return null
    const failure = explainTrouble(error)
    // Another run in the way ends by itself; what is broken inside does not.
    if (failure.exit !== EXIT.attention)
      throw new CliFailure(failure.exit, failure.message, { cause: error, ...(failure.hint === null ? {} : { hint: failure.hint }) })
    if (seen.said !== failure.message) screen.note(`${screen.paint.dim(clock(screen.shell.now()))} ${failure.message}`)
    seen.said = failure.message
    return null
  }
}

function tellReach(screen: Screen, report: RunReport, down: Set<string>): void {
  const { paint } = screen
  const at = paint.dim(clock(report.endedAt))
  for (const each of report.unreachable) {
    if (down.has(each.system)) continue
    down.add(each.system)
    screen.out(
      `${at} ${paint.red("✗")} ${cleanText(each.system)} ${each.reason === "auth" ? "refuses the credentials" : "cannot be reached"}: ${cleanText(each.message)} It is tried again.`,
    )
  }
  for (const system of down) {
    if (report.unreachable.some((each) => each.system === system)) continue
    down.delete(system)
    screen.out(`${at} ${paint.green("✓")} ${cleanText(system)} is back.`)
  }
}
