// `plan`: what a run would do. Nothing is written, except the file that --out names.
import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, relative, resolve } from "node:path"
import type { Plan } from "@syncline/core"
import { EXIT, type ExitCode } from "../exit.ts"
import { renderPlan } from "../render/plan.ts"
import { openProgress } from "../screen/progress.ts"
import type { Screen } from "../screen/screen.ts"
import { listenForInterrupt } from "../wire/interrupt.ts"
import { locate } from "../wire/locate.ts"
import { viewOf } from "../wire/looking.ts"
import { withSession } from "../wire/opened.ts"
import { interrupted } from "./run.ts"

export interface PlanOptions {
  readonly store?: string
  readonly out?: string
  readonly exitCode: boolean
  readonly samples: number
  readonly full: boolean
}

/** What `plan --out` keeps: the plan, and where it belongs. */
export interface KeptPlan {
  /** From the folder of this file to the pipeline. */
  readonly file: string
  readonly store: string | null
  readonly plan: Plan
}

export async function plan(screen: Screen, file: string | undefined, options: PlanOptions): Promise<ExitCode> {
  const located = locate(screen, file)
  const { planOf } = await import("../wire/engine.ts")
  const progress = await openProgress(screen)
  const interrupt = listenForInterrupt(screen, "Ending. Nothing was written.")
  try {
    const made = await withSession(screen, located, { ...pick(options), writing: false, progress: progress.show }, ({ session }) =>
      planOf(session.engine, { full: options.full }, interrupt.signal),
    ).finally(progress.end)
    if (interrupt.signal.aborted) return interrupted(screen, "plan", null)
    if (options.out !== undefined) keep(screen, located.path, options.out, options.store, made)
    screen.out(renderPlan(made, { ...viewOf(screen), file: located.shown, samples: options.samples }).join("\n"))
    if (options.out !== undefined) screen.out(screen.paint.dim(`Kept. Exactly this, or nothing: syncline apply ${options.out}`))
    screen.answer("plan", made)
    if (made.unreachable.length > 0) return EXIT.unreachable
    return options.exitCode && made.writes.length > 0 ? EXIT.changes : EXIT.done
  } catch (error) {
    if (interrupt.signal.aborted) return interrupted(screen, "plan", null)
    throw error
  } finally {
    interrupt.stop()
  }
}

const pick = ({ store }: { readonly store?: string }): { readonly store?: string } => (store === undefined ? {} : { store })

function keep(screen: Screen, pipeline: string, out: string, store: string | undefined, made: Plan): void {
  const path = resolve(screen.shell.cwd, out)
  const kept: KeptPlan = { file: relative(dirname(path), pipeline), store: store ?? null, plan: made }
  mkdirSync(dirname(path), { recursive: true })
  // It holds people's data.
  writeFileSync(path, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
}
