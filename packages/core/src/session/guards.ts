// Bounds on what one pass may do to a system: beyond them it stops and asks.
import type { Guard } from "../model/pipeline.ts"
import type { PassOptions } from "./engine.ts"
import type { GuardTrip } from "../model/report.ts"
import type { DueCounts } from "../store/port.ts"

/** `allowed`: what a person allowed for this pass. */
export function guardLimit(guard: Guard | null, linked: number, allowed: number | undefined): number {
  if (guard === null) return Number.POSITIVE_INFINITY
  return Math.max(guard.max, Math.floor((guard.percent / 100) * linked), allowed ?? 0)
}

const NOUNS = { delete: "delete", create: "create", update: "update" } as const

/** `done`: what this pass already did, by binding. */
export function tripped(
  guards: Readonly<Record<"delete" | "create" | "update", Guard | null>>,
  counts: readonly DueCounts[],
  allow: PassOptions["allow"],
  done: (binding: string, kind: "delete" | "create" | "update") => number,
): readonly GuardTrip[] {
  const trips: GuardTrip[] = []
  for (const due of counts) {
    for (const kind of ["delete", "create", "update"] as const) {
      const count = due[kind] + done(due.binding, kind)
      const limit = guardLimit(guards[kind], due.linked, allow?.[kind])
      if (due[kind] === 0 || count <= limit) continue
      trips.push({
        guard: kind,
        system: due.binding.split(".")[0] ?? due.binding,
        binding: due.binding,
        count,
        limit,
        linked: due.linked,
        message: `this run would ${NOUNS[kind]} ${count} items in ${due.binding}, more than the guard allows (${limit} of ${due.linked} linked)`,
      })
    }
  }
  return trips
}
