// `run`: one pass until nothing is left to do; with --watch, one after the other.
import type { RunReport } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import type { Allowance } from "../program/number.ts"
import { renderReport } from "../render/report.ts"
import { openProgress } from "../screen/progress.ts"
import type { Screen } from "../screen/screen.ts"
import { listenForInterrupt } from "../wire/interrupt.ts"
import { locate } from "../wire/locate.ts"
import { viewOf } from "../wire/looking.ts"
import { withSession } from "../wire/opened.ts"

export interface RunOptions {
  readonly store?: string
  readonly watch: boolean
  readonly full: boolean
  readonly allow?: Allowance
}

export async function run(screen: Screen, file: string | undefined, options: RunOptions): Promise<ExitCode> {
  if (options.watch) return (await import("./watch.ts")).watch(screen, file, options)
  const located = locate(screen, file)
  const { passOf } = await import("../wire/engine.ts")
  const progress = await openProgress(screen)
  const interrupt = listenForInterrupt(screen, "Ending after the write under way.")
  try {
    return await withSession(
      screen,
      located,
      { ...(options.store === undefined ? {} : { store: options.store }), writing: true, progress: progress.show },
      async ({ session }) => {
        const report = await passOf(
          session.engine,
          { full: options.full, ...(options.allow === undefined ? {} : { allow: options.allow }) },
          interrupt.signal,
        ).finally(progress.end)
        await session.remember(report)
        if (interrupt.signal.aborted) return interrupted(screen, "run", located.shown)
        return conclude(screen, "run", report, located.shown)
      },
    )
  } catch (error) {
    if (interrupt.signal.aborted) return interrupted(screen, "run", located.shown)
    throw error
  } finally {
    progress.end()
    interrupt.stop()
  }
}

export function conclude(screen: Screen, command: string, report: RunReport, file: string): ExitCode {
  screen.out(renderReport(report, { ...viewOf(screen), file }).join("\n"))
  screen.answer(command, report)
  return exitOf(report)
}

export const exitOf = (report: RunReport): ExitCode =>
  ({ done: EXIT.done, attention: EXIT.attention, guard: EXIT.guard, unreachable: EXIT.unreachable })[report.outcome]

/** Said the same way by every command that was interrupted; a plan has nothing to say beyond it. */
export function interrupted(screen: Screen, command: string, file: string | null): ExitCode {
  const message = "Interrupted. Nothing is lost: what was written is recorded, and the next run goes on."
  const hint = file === null ? null : `syncline run ${file}`
  if (hint !== null) screen.complain(`${message} ${screen.paint.dim(hint)}`)
  screen.refuse(command, { exit: EXIT.interrupted, message, hint, details: null })
  return EXIT.interrupted
}
