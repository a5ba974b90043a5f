// Whether the rule that the pipeline names is the rule that decided: every conflict in the journal is judged once more, by
// the promise of its policy, against what the store held before. I2: a value may be lost by its policy, and by no other.
import {
  type Changes,
  canonicalText,
  type Entity,
  equal,
  type FieldChange,
  type Json,
  type JournalEntry,
  LensFailure,
  type Link,
  type Pipeline,
} from "@syncline/core"
import type { Knowledge } from "../knowledge.ts"

interface Case {
  readonly entity: Entity
  readonly change: FieldChange
  /** The item meets the record for the first time. */
  readonly met: boolean
  /** What both knew before they differed; empty: nothing. */
  readonly base: readonly Json[]
  /** What the item says, which did not know the record's value. */
  readonly incoming: Json
}

/** Called before `knowledge` learns of the commit. */
export function* judgePolicies(pipeline: Pipeline, changes: Changes, knowledge: Knowledge): Generator<string> {
  if (changes.decided.length > 0) return
  for (const row of changes.journal) {
    if (row.kind !== "conflict" || row.recordId === null) continue
    const entity = pipeline.entities.find(({ name }) => name === row.entity)
    const record = knowledge.records.get(row.recordId)
    if (entity === undefined || record === undefined) continue
    const link = [...knowledge.links.values()].find((one) => one.recordId === row.recordId && one.binding === row.binding)
    const after = changes.links.findLast((one) => one.recordId === row.recordId && one.binding === row.binding)
    for (const change of row.changes) {
      // no policy is asked about what is only written there
      const isOut = entity.bindings.find(({ key }) => key === row.binding)?.field(change.field)?.direction === "out"
      if (isOut || change.lost === undefined || timesNamed(changes.journal, row.recordId, change.field) > 1) continue
      // what happened to the field earlier in the same commit is not in the books
      if (!equal(record.fields[change.field] ?? null, change.before)) continue
      const owed = after?.owed[change.field]
      const incoming = equal(change.after, change.before) ? change.lost : owed === undefined ? change.after : owed[0]
      if (incoming === undefined) continue
      const base = link?.owed[change.field] ?? (record.deleted === null ? undefined : missedBy(entity, link, change.field))
      // or its item was merged into another, of which nothing is known yet
      const tied = changes.journal.some(
        ({ kind, recordId, binding }) => (kind === "linked" || kind === "merged") && recordId === row.recordId && binding === row.binding,
      )
      const isAnother = link !== undefined && record.deleted === null && cameBackAsAnother(entity, link, knowledge)
      const met = tied || link === undefined || isAnother || link.remoteId === null || link.seen === null || base?.length === 0
      // two news in one commit: the contest between them is not in the books either
      if (!met && base === undefined) continue
      const wrong = againstPolicy({ entity, change, met, base: met ? [] : (base ?? []), incoming })
      if (wrong !== null) yield `${row.recordId}.${change.field} in ${row.binding ?? ""}: ${wrong} (${change.rule ?? "no rule"})`
    }
  }
}

/**
 * Where an id is made from an address, what stands there again may never have shown what the one before it had; nor what stands
 * there still after a delete of ours without an answer, unless what is removed there is gone for good. Said of records that live:
 * who deleted one had its values before his eyes, and nobody has to be asked about them again.
 */
function cameBackAsAnother(entity: Entity, link: Link, { open }: Knowledge): boolean {
  const spec = entity.bindings.find(({ key }) => key === link.binding)?.spec
  const mayHaveGone = open.get(link.id)?.kind === "delete" && (spec?.write.delete?.soft === true || link.secondaryId === null)
  return spec?.id.stable === false && (link.state === "gone" || mayHaveGone)
}

/**
 * Nobody keeps the books of an item that is gone: where it is back, and its record with it, it knows what it showed when it
 * went. Of a record that lived on without it, whoever adds it anew has seen nothing.
 */
function missedBy(entity: Entity, link: Link | undefined, name: string): readonly Json[] | undefined {
  if (link === undefined || link.state !== "gone" || link.seen === null) return undefined
  const was =
    link.means[name] ??
    entity.bindings
      .find(({ key }) => key === link.binding)
      ?.field(name)
      ?.get(link.seen)
  return was === undefined || was instanceof LensFailure ? undefined : [was]
}

const timesNamed = (journal: readonly JournalEntry[], recordId: string, field: string): number =>
  journal.filter((row) => row.recordId === recordId && row.changes.some((change) => change.field === field)).length

function againstPolicy({ entity, change, met, base, incoming }: Case): string | null {
  const { field, before, after, by, lostBy } = change
  const policy = entity.policy(field)
  const said = `${canonicalText(before)} met ${canonicalText(incoming)}, and it became ${canonicalText(after)}`
  switch (policy.kind) {
    case "strictest": {
      const rank = (value: Json): number => policy.order.findIndex((one) => equal(one, value))
      const least = Math.min(rank(before), rank(incoming))
      return least < 0 || rank(after) === least ? null : said
    }
    case "union": {
      const wanted = [...unionOf(before, incoming, base[0])].sort()
      return equal(wanted, [...textsOf(after)].sort()) ? null : `${said}, not ${wanted.join(", ")}`
    }
    case "prefer": {
      if (met && !entity.hasOwnPolicy(field)) break
      const parties = [by?.system, lostBy?.system]
      return !parties.includes(policy.system) || by?.system === policy.system ? null : `${said}, against ${policy.system}`
    }
    case "review":
      if (!met) return `${said}, and nobody was asked`
      break
    case "max":
    case "min": {
      const numbers = [before, incoming].filter((value) => typeof value === "number")
      if (numbers.length < 2) break
      return equal(after, Math[policy.kind](...numbers)) ? null : said
    }
    case "newest":
      break
  }
  if (!met) return null
  const { onMatch } = entity
  if (onMatch.kind === "review") return `${said} at their first meeting, and nobody was asked`
  if (onMatch.kind === "fill_blanks") return equal(after, before) ? null : `${said}, which was no blank`
  if (onMatch.kind === "prefer" && [by?.system, lostBy?.system].includes(onMatch.system) && by?.system !== onMatch.system)
    return `${said} at their first meeting, against ${onMatch.system}`
  return null
}

const textsOf = (value: Json | undefined): ReadonlySet<string> =>
  new Set(Array.isArray(value) ? value.map((one: Json) => canonicalText(one)) : [])

/** What either added is in, what either removed is out. */
function unionOf(ours: Json, theirs: Json, base: Json | undefined): ReadonlySet<string> {
  const [a, b, before] = [textsOf(ours), textsOf(theirs), textsOf(base)]
  const removed = [...before].filter((one) => !a.has(one) || !b.has(one))
  return new Set([...a, ...b].filter((one) => !removed.includes(one)))
}
