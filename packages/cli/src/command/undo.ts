// `undo`: takes back what a run wrote. A plan first; with --yes, or a person's word on a terminal, it is carried out.
import type { UndoReport } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import type { Allowance } from "../program/number.ts"
import { renderUndo } from "../render/undo.ts"
import { openProgress } from "../screen/progress.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { listenForInterrupt } from "../wire/interrupt.ts"
import { locateFirst } from "../wire/locate.ts"
import { viewOf } from "../wire/looking.ts"
import { withSession } from "../wire/opened.ts"
import { wholeRunId } from "./log.ts"
import { interrupted } from "./run.ts"

export interface UndoOptions {
  readonly store?: string
  readonly yes: boolean
  readonly samples: number
  readonly allow?: Allowance
}

export async function undo(screen: Screen, args: readonly string[], options: UndoOptions): Promise<ExitCode> {
  const { located, rest } = locateFirst(screen, args)
  const [beginning] = rest
  if (beginning === undefined || rest.length > 1)
    throw usage("Which run? Name its id, or its beginning.", `What was done, and in which run: syncline log ${located.shown}`)
  const { undoOf, undoPlanOf } = await import("../wire/engine.ts")
  const progress = await openProgress(screen)
  const interrupt = listenForInterrupt(screen, options.yes ? "Ending after the write under way." : "Ending. Nothing was written.")
  const store = options.store === undefined ? {} : { store: options.store }
  const allow = options.allow === undefined ? {} : { allow: options.allow }
  const view = { ...viewOf(screen), file: located.shown, samples: options.samples, asked: beginning }
  const open = { ...store, progress: progress.show }
  try {
    let confirmed = options.yes
    if (!confirmed) {
      const plan = await withSession(screen, located, { ...open, writing: false }, async ({ session }) => {
        const run = await knownRun(session.engine.store, beginning, located.shown)
        return undoPlanOf(session.engine, run, allow, interrupt.signal)
      }).finally(progress.end)
      if (interrupt.signal.aborted) return interrupted(screen, "undo", null)
      screen.out(renderUndo(plan, view).join("\n"))
      const possible = plan.actions.some((action) => action.kind !== "leave") && plan.guards.length === 0 && plan.unreachable.length === 0
      if (possible && screen.shell.interactive && !screen.json) {
        const { confirmMany } = await import("./review-ask.ts")
        confirmed = await confirmMany(screen, "Do it?")
      }
      if (!confirmed) {
        screen.answer("undo", plan)
        return exitOf(plan)
      }
    }
    return await withSession(screen, located, { ...open, writing: true }, async ({ session }) => {
      const run = await knownRun(session.engine.store, beginning, located.shown)
      const { undo: done, report } = await undoOf(session.engine, run, allow, interrupt.signal).finally(progress.end)
      await session.remember(report)
      if (interrupt.signal.aborted) return interrupted(screen, "undo", located.shown)
      screen.out(renderUndo(done, view).join("\n"))
      screen.answer("undo", done)
      return exitOf(done)
    })
  } catch (error) {
    if (interrupt.signal.aborted) return interrupted(screen, "undo", null)
    throw error
  } finally {
    progress.end()
    interrupt.stop()
  }
}

async function knownRun(store: Parameters<typeof wholeRunId>[0], beginning: string, file: string): Promise<string> {
  const run = await wholeRunId(store, beginning)
  const [row] = await perform(store.journal({ run, limit: 1 }))
  if (row === undefined) throw usage(`No run ${beginning} has done anything.`, `What was done, and in which run: syncline log ${file}`)
  return run
}

function exitOf(report: UndoReport): ExitCode {
  if (report.guards.length > 0) return EXIT.guard
  if (report.unreachable.length > 0) return EXIT.unreachable
  // restored values wait for a decision, and so does whatever was left; a plan waits for nobody
  const waits = report.waits !== null || (report.appliedBy !== null && report.actions.length > 0)
  return waits ? EXIT.attention : EXIT.done
}
