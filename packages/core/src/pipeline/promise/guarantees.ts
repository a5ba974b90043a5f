// What can be promised depends on the system: for each binding, what its connector can give and what is weaker without it.
import type { Pipeline } from "../../model/pipeline.ts"
import type { ResourceSpec } from "@syncline/connector"

export type GuaranteeTopic =
  | "compare-and-set"
  | "idempotent create"
  | "ordered versions"
  | "stable id"
  | "known normalisation"
  | "fine times"
  | "delete feed"
  | "lag"

export interface Guarantee {
  readonly system: string
  /** `crm.contacts` */
  readonly binding: string
  readonly topic: GuaranteeTopic
  readonly held: boolean
  /** What that means for the user, as one sentence without a full stop. */
  readonly sentence: string
}

/** Edits closer than this are rare enough between people. */
const FINE_MS = 100

export function describeGuarantees(pipeline: Pipeline): readonly Guarantee[] {
  return pipeline.entities.flatMap((entity) =>
    entity.bindings.flatMap((binding) =>
      promisesOf(binding.spec).map((promise) => ({ system: binding.system, binding: binding.key, ...promise })),
    ),
  )
}

/** A guarantee of a resource by itself, bound or not. */
export type Promised = Pick<Guarantee, "topic" | "held" | "sentence">

export function promisesOf(spec: ResourceSpec): readonly Promised[] {
  const { update, create } = spec.write
  const promises: Promised[] = []
  if (update !== undefined) promises.push(compareAndSet(update.guard))
  if (create !== undefined) {
    const byKey = spec.keys.some((key) => key.unique && (spec.read.lookup?.by ?? []).includes(key.name))
    const held = create.idempotent !== "none" || byKey
    promises.push({
      topic: "idempotent create",
      held,
      sentence: held
        ? create.idempotent === "header"
          ? "a create without an answer is settled by itself"
          : "a create without an answer is settled by itself, unless its key is changed there before it was read"
        : "a create without an answer goes to review instead of being repeated",
    })
  }
  const ordered = spec.version.kind === "revision" || spec.version.kind === "timestamp"
  const stable = spec.id.stable || spec.id.secondary !== undefined
  const known = spec.normalises !== undefined && [update, create].every((write) => write === undefined || write.returnsItem)
  const fine = spec.version.perField === true || (spec.version.resolutionMs ?? Number.POSITIVE_INFINITY) <= FINE_MS
  const feed = spec.deletes.some((sign) => sign !== "absence")
  const lag = Math.max(spec.read.lagMs.byId, spec.read.lagMs.delta)
  promises.push(
    {
      topic: "ordered versions",
      held: ordered,
      sentence: ordered
        ? "an old reading is known to be old"
        : 'each change is confirmed by a lookup; hooks are hints; "in any order" does not hold',
    },
    {
      topic: "stable id",
      held: stable,
      sentence: spec.id.stable
        ? "an item keeps its id"
        : stable
          ? `ids can change; ${spec.id.secondary ?? ""} recognises an item all the same`
          : "404 and absence prove nothing",
    },
    {
      topic: "known normalisation",
      held: known,
      sentence: known
        ? "a value that the system rewrites is recognised"
        : "a rewrite by the system may look like an edit after a lost answer",
    },
    {
      topic: "fine times",
      held: fine,
      sentence: fine ? "the newer of two close edits is known" : "close edits go to priority or review instead of newest",
    },
    {
      topic: "delete feed",
      held: feed,
      sentence: feed ? "deletes are reported" : "a delete is noticed only by a complete reading and a lookup that finds nothing",
    },
    {
      topic: "lag",
      held: lag === 0,
      sentence: lag === 0 ? "a write can be read at once" : `a write may take up to ${lag} ms to be seen; it is confirmed after that`,
    },
  )
  return promises
}

function compareAndSet(guard: "ifMatch" | "readCompare" | "none"): Promised {
  const topic = "compare-and-set"
  if (guard === "ifMatch") return { topic, held: true, sentence: "a write never covers an edit that was not seen" }
  if (guard === "readCompare")
    return {
      topic,
      held: false,
      sentence: "an edit between our read and our write can be lost (read-compare-write narrows it to milliseconds)",
    }
  return { topic, held: false, sentence: "an edit between our read and our write can be lost" }
}
