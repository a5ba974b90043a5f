// Who is right where system, memory and record disagree: judged by versions, by what the other systems hold and by what
// the journal says was written. The rule behind it: a system's value is overwritten only where there is evidence that the
// record's value was meant; without it, the system's value is news.
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import type { JournalKind, JournalRow } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import { equal, isBlank, type Json } from "../model/value.ts"
import { compareVersions } from "../integrate/version-order.ts"
import { parseTime, type Observed } from "../integrate/observed.ts"
import type { FieldFacts } from "./compare.ts"
import type { Cause, Reason } from "./difference.ts"

export type Verdict =
  | { readonly cause: Cause; readonly note: string }
  /** As the pipeline wants it. */
  | { readonly reason: Reason }

export interface Evidence {
  readonly entity: Entity
  readonly binding: Binding
  readonly link: Link
  /** Every link of the record. */
  readonly links: readonly Link[]
  readonly observed: Observed
  /** Of this record, newest first. */
  readonly journal: readonly JournalRow[]
  readonly now: number
}

/** The system says that nothing happened to the item since we saw it. */
export function isSilent(binding: Binding, link: Link, observed: Observed): boolean {
  if (observed.version === null || link.version === null) return false
  return observed.version === link.version || compareVersions(binding.spec, observed.version, link.version) === "older"
}

const WROTE: readonly JournalKind[] = ["created", "updated", "undone"]
const TOLD: readonly JournalKind[] = [...WROTE, "accepted", "conflict", "repaired"]

/** The item is not what the system last returned. */
export function judgeMoved({ binding, link, observed, journal, now }: Evidence, facts: FieldFacts): Verdict {
  const silent = isSilent(binding, link, observed)
  const rows = journal.flatMap((row) =>
    row.changes.filter((change) => change.field === facts.field.name).map((change) => ({ row, change })),
  )
  const ours = rows.find(({ row }) => row.binding === binding.key && WROTE.includes(row.kind))
  // as it stood there, or as the system rewrote it on arrival
  const meant = facts.field.name in link.means ? link.means[facts.field.name] : facts.seen
  const stood = ours !== undefined && [facts.seen, meant].some((value) => equal(ours.change.after, value))
  if (ours !== undefined && stood) {
    const older = rows
      .filter(({ row }) => row.seq <= ours.row.seq)
      .flatMap(({ row, change }) => (row === ours.row ? [change.before] : [change.before, change.after]))
    const wasThere = older.some((value) => equal(value, facts.actual)) || (ours.row.kind === "created" && isBlank(facts.actual))
    const { byId, delta } = binding.spec.read.lagMs
    if (wasThere && now < ours.row.at + Math.max(byId, delta))
      return { cause: "owed", note: `${ours.row.run} has just written there, and this system shows what it takes with a delay` }
    if (wasThere && (silent || isBefore(facts, observed, ours.row.at, binding, link))) {
      return { cause: "lost_write", note: `older than what ${ours.row.run} wrote there` }
    }
  }
  return {
    cause: "edited_outside",
    note: silent ? "changed there, and its version does not say so" : "changed there since it was read",
  }
}

/** Where versions cannot be compared, the times say whether the item was touched after our write. */
function isBefore(facts: FieldFacts, observed: Observed, wroteAt: number, binding: Binding, link: Link): boolean {
  if (compareVersions(binding.spec, observed.version, link.version) === "newer" || binding.spec.version.kind !== "none") return false
  const times = facts.field.reads.map((path) => parseTime(observed.fieldTimes[path])).filter((time): time is number => time !== null)
  const at = times.length > 0 ? Math.max(...times) : observed.at
  return at !== null && at < wroteAt
}

/** The item is as it was last returned and nothing is owed, but the record says something else. */
export function judgeApart(evidence: Evidence, facts: FieldFacts): Verdict {
  const { binding, journal } = evidence
  const meant = isMeant(evidence, facts)
  if (!meant) {
    const told = journal.some((row) => row.changes.some((change) => change.field === facts.field.name && equal(change.after, facts.record)))
    return { cause: "record", note: told ? "the record has an older value" : "nobody wrote what the record says" }
  }
  if (facts.field.direction === "in") return { reason: "one_way" }
  const put = facts.field.put(facts.record, evidence.observed.item)
  if (put instanceof LensFailure) return { cause: "mapping", note: `it cannot be written to ${binding.key}: ${put.message}` }
  return { cause: "lost_write", note: "counted as written there, and is not" }
}

/** Whether anybody vouches for the record's value: the journal's last word on it, or another system that has it. */
function isMeant({ entity, link, links, journal }: Evidence, facts: FieldFacts): boolean {
  const { name } = facts.field
  for (const row of journal) {
    if (!TOLD.includes(row.kind)) continue
    const change = row.changes.find((candidate) => candidate.field === name)
    if (change !== undefined) return equal(change.after, facts.record)
  }
  return links.some((other) => {
    if (other.id === link.id || other.seen === null || other.state === "gone" || name in other.owed) return false
    const field = entity.bindings.find((candidate) => candidate.key === other.binding)?.field(name)
    const value: Json | LensFailure | undefined = field?.get(other.seen)
    return value !== undefined && !(value instanceof LensFailure) && equal(value, facts.record)
  })
}
