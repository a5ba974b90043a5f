// A plan is a rehearsal: the very same pass, on a private copy of the store, with pushes that are answered as the
// systems would. Nothing is written anywhere. Applying a plan rehearses once more and goes on only if nothing moved.
import * as Effect from "effect/Effect"
import type { ResourceSpec } from "@syncline/connector"
import { OnlyPlanned, textOfWrite } from "../deliver/only-planned.ts"
import type { Engine, PassOptions } from "../session/engine.ts"
import type { Plan, PlannedWrite, RunReport } from "../model/report.ts"
import { sharePause } from "../session/pauses.ts"
import { LEASE_TTL_MS, type Session } from "../session/session.ts"
import type { LeaseHeld, StaleLease, StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"
import { rehearsing } from "./rehearsing.ts"
import { knownItems } from "./taken-keys.ts"
import { type Joins, pass, type PassResult } from "./run.ts"

const MOST_LISTED = 10_000

export const planPass = (engine: Engine, options: PassOptions = {}): Effect.Effect<Plan, StoreError> =>
  Effect.gen(function* () {
    const copy = yield* engine.store.fork()
    const before = new Set((yield* copy.reviews({ status: "open", limit: MOST_LISTED })).map((review) => review.id))
    const heldBefore = new Set((yield* copy.quarantined({ limit: MOST_LISTED })).map((entry) => entry.id))
    const writes: PlannedWrite[] = []
    const { report } = yield* rehearse(engine, copy, options, writes)
    const reviews = yield* copy.reviews({ status: "open", limit: MOST_LISTED })
    const quarantine = yield* copy.quarantined({ limit: MOST_LISTED })
    const unanswered = yield* unansweredCreates(engine)
    yield* copy.close()
    return {
      plan: 1,
      pipeline: engine.pipeline.name,
      fingerprint: engine.pipeline.fingerprint,
      madeAt: engine.now(),
      writes,
      reviews: reviews.filter((review) => !before.has(review.id)),
      quarantine: quarantine.filter((entry) => !heldBefore.has(entry.id)),
      systems: report.systems,
      guards: report.guards,
      unreachable: report.unreachable,
      warnings: [...report.warnings, ...unanswered.map((what) => `${what}: apply refuses until a run has found that out`)],
    }
  })

const MOST_OPEN = 100_000

/**
 * Creates of which nobody knows whether they happened: until that is known, no plan can tell what a run would write. Where a
 * person is asked, no run finds out or sends anything again, and the rest can be planned.
 */
const unansweredCreates = ({ store, pipeline }: Engine): Effect.Effect<readonly string[], StoreError> =>
  Effect.zipWith(
    store.openIntents(MOST_OPEN),
    store.reviews({ status: "open", kind: "unknown_write", limit: MOST_OPEN }),
    (intents, reviews) =>
      intents.flatMap(({ kind, entity, binding, recordId, linkId, sent }) => {
        if (kind !== "create" || reviews.some((review) => review.linkId === linkId)) return []
        const [key = []] = pipeline.entities.find((candidate) => candidate.name === entity)?.match ?? []
        const label = key.map((name) => sent[name]).filter((value) => typeof value === "string" && value !== "")
        return [`${binding} has not answered the create of ${label.length > 0 ? label.join(" ") : recordId}, which may have happened`]
      }),
  )

/** The pass on a copy: whoever holds the lease of the real store does not matter to it. */
export const rehearse = (
  engine: Engine,
  copy: Store,
  options: PassOptions,
  writes: PlannedWrite[],
  joins: Joins = {},
): Effect.Effect<PassResult, StoreError> =>
  Effect.gen(function* () {
    const { progress: _, ...quiet } = engine
    const connectors = new Map(
      [...engine.connectors].map(([system, connector]) => {
        const front = rehearsing(connector, specsOf(engine, system), (resource) => knownItems(copy, engine.pipeline, system, resource))
        sharePause(connector, front)
        return [system, front]
      }),
    )
    const lease = yield* copy.acquire("rehearsal", Number.MAX_SAFE_INTEGER - LEASE_TTL_MS, LEASE_TTL_MS)
    return yield* pass({ ...quiet, store: copy, connectors }, options, lease, writes, joins)
  }).pipe(
    // nobody else knows the copy
    Effect.catchTag("LeaseHeld", (error) => Effect.die(error)),
    Effect.catchTag("StaleLease", (error) => Effect.die(error)),
  )

const specsOf = (engine: Engine, system: string): ReadonlyMap<string, ResourceSpec> =>
  new Map(
    engine.pipeline.systems.find((candidate) => candidate.name === system)?.description.resources.map((spec) => [spec.name, spec]) ?? [],
  )

export type Applied =
  | { readonly applied: true; readonly report: RunReport }
  /** `runFirst`: not the world moved, but what an earlier write came to is not known, and only a run finds that out. */
  | { readonly applied: false; readonly moved: readonly string[]; readonly runFirst?: true }

/** Makes exactly the planned writes, or none: between reading and writing, the writes are worked out anew and compared. */
export const applyPlan = (
  engine: Engine,
  plan: Plan,
  options: PassOptions = {},
): Effect.Effect<Applied, StoreError | LeaseHeld | StaleLease> =>
  Effect.acquireUseRelease(
    Effect.suspend(() => engine.store.acquire(engine.owner, engine.now(), LEASE_TTL_MS)),
    (lease) =>
      Effect.gen(function* () {
        if (plan.fingerprint !== engine.pipeline.fingerprint)
          return { applied: false, moved: ["the pipeline was changed after the plan was made"] } as const
        // finding out may mean to send it again, and that is a write
        const unanswered = yield* unansweredCreates(engine)
        if (unanswered.length > 0) return { applied: false, moved: unanswered, runFirst: true } as const
        let moved: readonly string[] = []
        const gate = (session: Session): Effect.Effect<boolean, StoreError | StaleLease> =>
          Effect.gen(function* () {
            const copy = yield* engine.store.fork()
            const writes: PlannedWrite[] = []
            const { report } = yield* rehearse(engine, copy, options, writes)
            yield* copy.close()
            moved = [
              ...differences(plan.writes, writes),
              ...report.guards.map((trip) => trip.message),
              ...[...session.remotes.values()].flatMap((remote) =>
                remote.down === null ? [] : [`${remote.system}: ${remote.down.message}`],
              ),
            ]
            return moved.length === 0
          })
        const { report } = yield* pass(engine, options, lease, null, { gate, only: new OnlyPlanned(plan.writes) })
        return moved.length === 0 ? ({ applied: true, report } as const) : ({ applied: false, moved } as const)
      }),
    (lease) => engine.store.release(lease).pipe(Effect.ignore),
  )

const nameOf = (write: PlannedWrite): string => `${write.kind} ${write.label} in ${write.binding}`

function differences(planned: readonly PlannedWrite[], now: readonly PlannedWrite[]): readonly string[] {
  const left = new Map<string, PlannedWrite[]>()
  for (const write of planned) left.set(textOfWrite(write), [...(left.get(textOfWrite(write)) ?? []), write])
  const added: PlannedWrite[] = []
  for (const write of now) {
    const same = left.get(textOfWrite(write))
    if (same === undefined || same.length === 0) added.push(write)
    else same.pop()
  }
  const gone = [...left.values()].flat()
  return [
    ...gone.map((write) => `no longer needed as planned: ${nameOf(write)}`),
    ...added.map((write) => `not in the plan: ${nameOf(write)}`),
  ]
}
