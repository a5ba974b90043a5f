// `status`: where every system stands, read from the store alone.
import type { SystemReport } from "@syncline/core"
import { readSchema, schemaName } from "@syncline/core/session"
import { readMark, RESTORED } from "@syncline/core/store"
import { EXIT, type ExitCode } from "../exit.ts"
import { renderStatus, type Status, type StatusRow, type StatusSystem } from "../render/status.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { look, pendingDecisions, type Look } from "../wire/looking.ts"
import { showPath } from "../wire/store.ts"
import { selectReviews } from "./review-select.ts"
import { readSystemMemory } from "../wire/memory.ts"

export const status = (screen: Screen, file: string | undefined, options: { readonly store?: string }): Promise<ExitCode> =>
  look(screen, file === undefined ? [] : [file], options, { command: "status", data: null }, async (at) => {
    const found = await gather(screen, at)
    screen.out(renderStatus(found, at.view).join("\n"))
    screen.answer("status", found)
    return EXIT.done
  })

async function gather(screen: Screen, { store, outline, storePath, view }: Look): Promise<Status> {
  const restored = readMark(await perform(store.systemState(RESTORED)))
  const [bindings, scans, runs, decisions] = await Promise.all([
    perform(store.status()),
    perform(store.scans()),
    perform(store.runs(1)),
    pendingDecisions(store),
  ])
  const open = await selectReviews(store, {}, "open", view.now)
  const run = runs[0] ?? null
  const schemas = await Promise.all(
    bindings.map(async (each) => readSchema(await perform(store.systemState(schemaName(each.entity, each.binding))))),
  )
  const rows = bindings.map((each, index): StatusRow => {
    const scan = scans.find((one) => one.binding === each.binding && one.entity === each.entity)
    return {
      system: each.binding.split(".")[0] ?? each.binding,
      binding: each.binding,
      entity: each.entity,
      links: each.links,
      owed: each.owed,
      waiting: each.waiting,
      inReview: each.reviews,
      quarantined: each.quarantined,
      lagMs: scan === undefined || scan.lastScanAt === null ? null : Math.max(0, view.now - scan.lastScanAt),
      nextDueAt: each.nextDueAt,
      held: schemas[index]?.holds ?? [],
    }
  })
  const reports = run === null ? [] : systemReports(run.report)
  const systems = await Promise.all(
    outline.systems.map(async ({ name, connector }): Promise<StatusSystem> => {
      const memory = await readSystemMemory(store, name)
      return {
        system: name,
        title: connector,
        calls: reports.find((each) => each.system === name)?.calls ?? null,
        breaker: memory.unreachableSince === null ? "closed" : "open",
        pausedUntil: memory.pausedUntil,
        budget: memory.budget,
      }
    }),
  )
  return {
    pipeline: outline.name,
    store: showPath(screen, storePath),
    lastRun: run === null ? null : { id: run.id, startedAt: run.startedAt, endedAt: run.endedAt, outcome: run.outcome },
    systems,
    bindings: rows,
    pendingDecisions: decisions.size,
    oldestReviewAt: open[0]?.openedAt ?? null,
    overdue: outline.remindMs === null ? 0 : open.filter((review) => view.now - review.openedAt >= (outline.remindMs ?? 0)).length,
    restored,
  }
}

function systemReports(report: unknown): Pick<SystemReport, "system" | "calls">[] {
  const systems: unknown = typeof report === "object" && report !== null && "systems" in report ? report.systems : []
  if (!Array.isArray(systems)) return []
  return systems.flatMap((each: unknown) =>
    typeof each === "object" &&
    each !== null &&
    "system" in each &&
    typeof each.system === "string" &&
    "calls" in each &&
    typeof each.calls === "number"
      ? [{ system: each.system, calls: each.calls }]
      : [],
  )
}
