// `apply`: carries out a kept plan: exactly that, or nothing if anything moved since.
import { readFileSync } from "node:fs"
import { dirname, relative, resolve } from "node:path"
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import type { Allowance } from "../program/number.ts"
import { renderGuards } from "../render/attention.ts"
import { cleanText } from "../render/clean.ts"
import { plural } from "../render/count.ts"
import { openProgress } from "../screen/progress.ts"
import type { Screen } from "../screen/screen.ts"
import { listenForInterrupt } from "../wire/interrupt.ts"
import { locate } from "../wire/locate.ts"
import { viewOf } from "../wire/looking.ts"
import { withSession } from "../wire/opened.ts"
import type { KeptPlan } from "./plan.ts"
import { conclude, interrupted } from "./run.ts"

const SHOWN = 10

export async function apply(
  screen: Screen,
  planFile: string,
  options: { readonly store?: string; readonly file?: string; readonly allow?: Allowance },
): Promise<ExitCode> {
  const path = resolve(screen.shell.cwd, planFile)
  const kept = readKept(path, planFile)
  const located = locate(screen, options.file ?? (relative(screen.shell.cwd, resolve(dirname(path), kept.file)) || "."))
  const { applyOf } = await import("../wire/engine.ts")
  const progress = openProgress(screen)
  const interrupt = listenForInterrupt(screen, "Ending after the write under way.")
  const store = options.store ?? kept.store ?? undefined
  try {
    return await withSession(
      screen,
      located,
      { ...(store === undefined ? {} : { store }), writing: true, progress: progress.show },
      async ({ session, pipeline }) => {
        if (pipeline.name !== kept.plan.pipeline)
          throw usage(`This plan is for ${cleanText(kept.plan.pipeline)}, not for ${pipeline.name}.`)
        const trips = kept.plan.guards.filter((trip) => trip.guard === "empty" || (options.allow?.[trip.guard] ?? 0) < trip.count)
        if (trips.length > 0) {
          screen.out(renderGuards(trips, located.shown, viewOf(screen)).join("\n"))
          screen.answer("apply", { applied: false, moved: trips.map((trip) => trip.message) })
          return EXIT.guard
        }
        const result = await applyOf(
          session.engine,
          kept.plan,
          options.allow === undefined ? {} : { allow: options.allow },
          interrupt.signal,
        ).finally(progress.end)
        if (interrupt.signal.aborted) return interrupted(screen, "apply", located.shown)
        if (result.applied) {
          await session.remember(result.report)
          return conclude(screen, "apply", result.report, located.shown)
        }
        screen.out(
          `${screen.paint.yellow("✗")} Nothing was written: ${plural(result.moved.length, "thing")} moved since the plan was made.`,
        )
        for (const each of result.moved.slice(0, SHOWN)) screen.out(`  ${cleanText(each)}`)
        if (result.moved.length > SHOWN) screen.out(`  … and ${result.moved.length - SHOWN} more`)
        screen.out(screen.paint.dim(`Next: syncline plan ${located.shown} --out ${planFile}`))
        screen.answer("apply", { applied: false, moved: result.moved })
        return EXIT.attention
      },
    )
  } catch (error) {
    if (interrupt.signal.aborted) return interrupted(screen, "apply", located.shown)
    throw error
  } finally {
    progress.end()
    interrupt.stop()
  }
}

function readKept(path: string, shown: string): KeptPlan {
  let kept: unknown
  try {
    kept = JSON.parse(readFileSync(path, "utf8"))
  } catch (error) {
    throw usage(
      error instanceof SyntaxError ? `${shown} is not JSON.` : `${shown} cannot be read.`,
      "A plan is kept by: syncline plan FILE --out plan.json",
    )
  }
  const plan: unknown = typeof kept === "object" && kept !== null && "plan" in kept ? kept.plan : null
  const whole =
    typeof plan === "object" && plan !== null && "plan" in plan && plan.plan === 1 && "writes" in plan && Array.isArray(plan.writes)
  if (!whole || typeof kept !== "object" || kept === null || !("file" in kept) || typeof kept.file !== "string") {
    throw usage(`${shown} holds no plan that this version understands.`, "A plan is kept by: syncline plan FILE --out plan.json")
  }
  // Its version and outline were checked; its fingerprint and every write are checked by the engine before anything is done.
  return kept as KeptPlan
}
