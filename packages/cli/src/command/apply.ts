// `apply`: carries out a kept plan: exactly that, or nothing if anything moved since.
import { readFileSync, statSync } from "node:fs"
import { dirname, relative, resolve } from "node:path"
import { EXIT, type ExitCode } from "../exit.ts"
import { CliFailure, usage } from "../failure.ts"
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
  const progress = await openProgress(screen)
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
        const why =
          result.runFirst === true
            ? `${plural(result.moved.length, "earlier write")} may have happened or not, and a run has to find that out first.`
            : `${plural(result.moved.length, "thing")} moved since the plan was made.`
        screen.out(`${screen.paint.yellow("✗")} Nothing was written: ${why}`)
        for (const each of result.moved.slice(0, SHOWN)) screen.out(`  ${cleanText(each)}`)
        if (result.moved.length > SHOWN) screen.out(`  … and ${result.moved.length - SHOWN} more`)
        const next = result.runFirst === true ? `syncline run ${located.shown}` : `syncline plan ${located.shown} --out ${planFile}`
        screen.out(screen.paint.dim(`Next: ${next}`))
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
  const hint = "A plan is kept by: syncline plan FILE --out plan.json"
  let kept: unknown
  try {
    // a device or a pipe may never end
    if (!statSync(path).isFile()) throw usage(`${shown} is not a file.`, hint)
    if (statSync(path).size > MAX_PLAN_BYTES) throw usage(`${shown} is larger than any plan.`, hint)
    kept = JSON.parse(readFileSync(path, "utf8"))
  } catch (error) {
    if (error instanceof CliFailure) throw error
    throw usage(error instanceof SyntaxError ? `${shown} is not JSON.` : `${shown} cannot be read.`, hint)
  }
  if (!isKept(kept)) throw usage(`${shown} holds no plan that this version understands.`, hint)
  return kept
}

/** A plan names every write of a first run, and no run is larger than this. */
const MAX_PLAN_BYTES = 256 * 1024 * 1024
/** An item is never deeper than 100 levels, and stands a few levels down in a plan. */
const MAX_DEPTH = 110

/** Anybody may have edited the file. What is read of it is looked at here; the engine then compares every write with its own. */
function isKept(kept: unknown): kept is KeptPlan {
  if (!isObject(kept) || !isShallow(kept, 0) || typeof kept["file"] !== "string") return false
  if (kept["store"] !== null && typeof kept["store"] !== "string") return false
  const plan = kept["plan"]
  return (
    isObject(plan) &&
    plan["plan"] === 1 &&
    typeof plan["pipeline"] === "string" &&
    typeof plan["fingerprint"] === "string" &&
    isListOf(plan["writes"], ["binding", "kind", "label"]) &&
    isListOf(plan["guards"], ["guard", "message"])
  )
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isListOf = (value: unknown, texts: readonly string[]): boolean =>
  Array.isArray(value) && value.every((one) => isObject(one) && texts.every((name) => typeof one[name] === "string"))

const isShallow = (value: unknown, depth: number): boolean =>
  typeof value !== "object" || value === null || (depth < MAX_DEPTH && Object.values(value).every((inner) => isShallow(inner, depth + 1)))
