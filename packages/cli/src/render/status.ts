// Where every system stands: one row a binding, and under it what holds it up.
import { sayHold, type SchemaHold } from "@syncline/core/session"
import { sayRestored, type Restored } from "@syncline/core/store"
import { cleanText } from "./clean.ts"
import { columns, type Column } from "./columns.ts"
import { plural, showCount } from "./count.ts"
import { showAgo, showSpan } from "./moment.ts"
import type { View } from "./view.ts"

/** One binding, as `status --json` gives it. */
export interface StatusRow {
  readonly system: string
  readonly binding: string
  readonly entity: string
  readonly links: { readonly live: number; readonly parked: number; readonly kept: number; readonly gone: number }
  readonly owed: number
  readonly waiting: number
  readonly inReview: number
  readonly quarantined: number
  /** Since the last complete read of the resource; null: never read. */
  readonly lagMs: number | null
  readonly nextDueAt: number | null
  /** Paths that vanished there or changed their type: what they touch waits until they are back. */
  readonly held: readonly SchemaHold[]
}

export interface StatusSystem {
  readonly system: string
  readonly title: string
  /** Remote calls of the last run. */
  readonly calls: number | null
  readonly breaker: "closed" | "open"
  /** Until when calls are held back, by the breaker or by the system's own word. */
  readonly pausedUntil: number | null
  /** Tightest window of the rate limit: calls used, of how many, in how many ms. */
  readonly budget: { readonly used: number; readonly max: number; readonly perMs: number } | null
}

export interface Status {
  readonly pipeline: string
  readonly store: string
  readonly lastRun: { readonly id: string; readonly startedAt: number; readonly endedAt: number | null; readonly outcome: string } | null
  readonly systems: readonly StatusSystem[]
  readonly bindings: readonly StatusRow[]
  readonly pendingDecisions: number
  /** When the oldest open question was asked. */
  readonly oldestReviewAt: number | null
  /** Questions open for longer than the pipeline's `reviews.remind`. */
  readonly overdue: number
  /** The store is older than the systems: the next run reads them in full first. */
  readonly restored: Restored | null
}

export function renderStatus(status: Status, view: View & { readonly file: string }): string[] {
  const { paint, width, now, file } = view
  const run = status.lastRun
  const head =
    run === null
      ? `never run. ${paint.dim(`Next: syncline run ${file}`)}`
      : `last run ${showAgo(run.startedAt, now)}: ${outcomeOf(run, isInStep(status), view)}`
  const lines = [`${paint.bold(cleanText(status.pipeline))}  ${head}`, ""]
  const heads: Column[] = [
    { title: "binding" },
    ...["links", "owed", "review", "quarantine", "lag"].map((title) => ({ title, align: "right" }) as const),
  ]
  const attention = (n: number): string => (n === 0 ? paint.dim("0") : paint.yellow(showCount(n)))
  const rows = status.bindings.map((row) => [
    cleanText(row.binding),
    showCount(row.links.live),
    attention(row.owed),
    attention(row.inReview),
    attention(row.quarantined),
    row.lagMs === null ? paint.dim("never read") : showSpan(row.lagMs),
  ])
  lines.push(...columns(heads, rows, width - 2, paint.dim).map((line) => `  ${line}`), "")
  const systemHeads: Column[] = [
    { title: "system" },
    { title: "is" },
    { title: "calls", align: "right" },
    { title: "breaker" },
    { title: "rate limit" },
  ]
  const systemRows = status.systems.map((system) => [
    paint.bold(cleanText(system.system)),
    cleanText(system.title),
    system.calls === null ? paint.dim("–") : showCount(system.calls),
    system.breaker === "closed" ? paint.green("closed") : paint.red("open"),
    budgetOf(system, view),
  ])
  lines.push(...columns(systemHeads, systemRows, width - 2, paint.dim).map((line) => `  ${line}`))
  for (const row of status.bindings) {
    if (row.waiting > 0)
      lines.push(
        "",
        `${paint.yellow("!")} ${plural(row.waiting, "write")} to ${cleanText(row.binding)} failed and will be tried again${row.nextDueAt === null ? "" : ` ${showAgo(row.nextDueAt, now)}`}.`,
      )
    for (const hold of row.held)
      lines.push("", `${paint.yellow("!")} ${cleanText(sayHold(row.binding, hold))}. ${paint.dim(`Since ${showAgo(hold.since, now)}`)}`)
    const asleep = row.links.parked + row.links.kept
    if (asleep > 0)
      lines.push(
        paint.dim(
          `  ${cleanText(row.binding)}: ${plural(asleep, "item")} known and left alone (outside the filter, or kept after a delete).`,
        ),
      )
  }
  if (status.restored !== null)
    lines.push(
      "",
      `${paint.yellow("!")} ${sayRestored(status.restored)}, ${showAgo(status.restored.at, now)}. The next run reads every system in full before it writes. ${paint.dim(`See: syncline plan ${file}`)}`,
    )
  const total = (of: (row: StatusRow) => number): number => status.bindings.reduce((sum, row) => sum + of(row), 0)
  if (status.pendingDecisions > 0)
    lines.push(
      "",
      `${plural(status.pendingDecisions, "answer")} given; the next run carries ${status.pendingDecisions === 1 ? "it" : "them"} out: syncline run ${file}`,
    )
  if (total((row) => row.inReview) > 0)
    lines.push("", `${paint.yellow("?")} Questions are open${waiting(status, view)}. ${paint.dim(`Next: syncline review list ${file}`)}`)
  if (total((row) => row.quarantined) > 0)
    lines.push("", `${paint.yellow("!")} Items are in quarantine. ${paint.dim(`Next: syncline quarantine list ${file}`)}`)
  return lines
}

function waiting({ oldestReviewAt, overdue }: Status, { paint, now }: View): string {
  if (oldestReviewAt === null) return ""
  const oldest = `, the oldest for ${showSpan(now - oldestReviewAt)}`
  return overdue === 0 ? oldest : `${oldest}; ${paint.red(`${overdue} ${overdue === 1 ? "is" : "are"} overdue`)}`
}

const isInStep = ({ bindings, pendingDecisions }: Status): boolean =>
  pendingDecisions === 0 &&
  bindings.every((row) => row.owed === 0 && row.waiting === 0 && row.inReview === 0 && row.quarantined === 0 && row.held.length === 0)

function outcomeOf({ outcome, endedAt }: NonNullable<Status["lastRun"]>, inStep: boolean, { paint }: View): string {
  const words: Readonly<Record<string, string>> = {
    done: inStep ? paint.green("all in step") : paint.yellow("done; what waits is named below"),
    attention: paint.yellow("done, a person is asked"),
    guard: paint.red("stopped by a guard"),
    unreachable: paint.red("a system could not be reached"),
    failed: paint.red("failed"),
    interrupted: paint.yellow("interrupted"),
    running: endedAt === null ? paint.yellow("under way, or ended without a word") : paint.yellow("running"),
  }
  return words[outcome] ?? cleanText(outcome)
}

function budgetOf(system: StatusSystem, { paint, now }: View): string {
  if (system.pausedUntil !== null && system.pausedUntil > now) return paint.red(`paused, on ${showAgo(system.pausedUntil, now)}`)
  if (system.budget === null) return paint.dim("–")
  return `${showCount(system.budget.used)} of ${showCount(system.budget.max)} per ${showSpan(system.budget.perMs)}`
}
