// `verify`: a full comparison of all systems with the store and with each other; with --repair, what can be put right is.
import type { VerifyReport } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import type { Allowance } from "../program/number.ts"
import { renderReport } from "../render/report.ts"
import { renderFound, renderVerify } from "../render/verify.ts"
import { openProgress } from "../screen/progress.ts"
import type { Screen } from "../screen/screen.ts"
import { listenForInterrupt } from "../wire/interrupt.ts"
import { locate } from "../wire/locate.ts"
import { viewOf } from "../wire/looking.ts"
import { withSession } from "../wire/opened.ts"
import { exitOf, interrupted } from "./run.ts"

export interface VerifyOptions {
  readonly store?: string
  readonly repair: boolean
  readonly samples: number
  readonly allow?: Allowance
}

export async function verify(screen: Screen, file: string | undefined, options: VerifyOptions): Promise<ExitCode> {
  const located = locate(screen, file)
  const { repairOf, verifyOf } = await import("../wire/engine.ts")
  const progress = await openProgress(screen)
  const interrupt = listenForInterrupt(screen, options.repair ? "Ending after the write under way." : "Ending. Nothing was written.")
  const view = { ...viewOf(screen), file: located.shown, samples: options.samples }
  const store = options.store === undefined ? {} : { store: options.store }
  try {
    return await withSession(screen, located, { ...store, writing: options.repair, progress: progress.show }, async ({ session }) => {
      if (!options.repair) {
        const report = await verifyOf(session.engine, interrupt.signal).finally(progress.end)
        if (interrupt.signal.aborted) return interrupted(screen, "verify", null)
        screen.out(renderVerify(report, view).join("\n"))
        screen.answer("verify", report)
        return verdictOf(report)
      }
      const allow = options.allow === undefined ? {} : { allow: options.allow }
      const { found, run, left } = await repairOf(session.engine, allow, interrupt.signal).finally(progress.end)
      await session.remember(run)
      if (interrupt.signal.aborted) return interrupted(screen, "verify", located.shown)
      screen.out(
        [...renderFound(found, view), "", ...renderReport(run, view), "", ...renderVerify(left, { ...view, repaired: true })].join("\n"),
      )
      screen.answer("verify", { ...found, repair: { run, left } })
      // what the run asks of a person is among what is left
      return run.outcome === "done" || run.outcome === "attention" ? verdictOf(left) : exitOf(run)
    })
  } catch (error) {
    if (interrupt.signal.aborted) return interrupted(screen, "verify", options.repair ? located.shown : null)
    throw error
  } finally {
    progress.end()
    interrupt.stop()
  }
}

const verdictOf = (report: VerifyReport): ExitCode =>
  report.unreachable.length > 0 ? EXIT.unreachable : report.differences.length > 0 ? EXIT.attention : EXIT.done
