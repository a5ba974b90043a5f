// One item of a snapshot against everything that is stored about it: what is found goes into the ledger.
import * as Effect from "effect/Effect"
import { cutReason } from "../model/admissible.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { JournalRow } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import type { Loaded } from "../model/loaded.ts"
import { segmentsOf, valueAt } from "../model/path.ts"
import type { RecordRow } from "../model/record.ts"
import type { Json } from "../model/value.ts"
import { labelOf } from "../journal/explain.ts"
import { HOLLOW, isHollow } from "../integrate/hollow.ts"
import { stampOf, type Observed } from "../integrate/observed.ts"
import { fits, sayDrift, type SchemaHold, shapeAt } from "../session/schema-state.ts"
import type { StoreError } from "../store/error.ts"
import type { Store } from "../store/port.ts"
import { compareFields, type FieldFacts } from "./compare.ts"
import type { Cause, Difference } from "./difference.ts"
import { wholeHold } from "./holds.ts"
import { isSilent, judgeApart, judgeMoved, type Verdict } from "./judge.ts"
import type { Ledger } from "./ledger.ts"
import type { Mark } from "./mark.ts"
import { judgeUnlinked } from "./unlinked.ts"
import type { Vanished } from "./vanished.ts"

export interface Place {
  readonly entity: Entity
  readonly binding: Binding
  readonly store: Store
  readonly ledger: Ledger
  readonly now: number
  /** Fields that the system lost or retyped. */
  readonly drifted: ReadonlyMap<string, SchemaHold>
  readonly vanished: Vanished
}

/** Enough to find the last word on every field of one record. */
const MOST_ROWS = 1_000
const NOTHING = { field: null, record: null, seen: null, actual: null, silent: false } as const

export const difference = (
  { entity, binding }: Pick<Place, "entity" | "binding">,
  about: { readonly record: RecordRow | null; readonly remoteId: string | null; readonly label?: string | null },
  what: { readonly cause: Cause; readonly note: string } & Partial<
    Pick<Difference, "field" | "record" | "seen" | "actual" | "silent" | "again">
  >,
): Difference => ({
  ...NOTHING,
  system: binding.system,
  binding: binding.key,
  entity: entity.name,
  recordId: about.record?.id ?? null,
  label: about.record === null ? (about.label ?? about.remoteId ?? "") : labelOf(entity, about.record),
  remoteId: about.remoteId,
  ...what,
})

/** What is left to do where only the journal can tell who is right; null, as for nearly all items: nothing. */
type Rest = Effect.Effect<void, StoreError> | null

/** Synchronous but for what differs: there are many items, and nearly all of them agree. */
export function compareItem(place: Place, loaded: Loaded, link: Link | undefined, observed: Observed): Rest {
  const { entity, binding, ledger } = place
  const count = ledger.count(entity.name, binding.key)
  count.items++
  const record = link === undefined ? undefined : loaded.records.find((row) => row.id === link.recordId)
  if (link === undefined || record === undefined) {
    compareUnlinked(place, loaded, observed)
    return null
  }
  count.linked++
  const whole = wholeStanding(loaded, record, link)
  if (whole === null) {
    const unread =
      cutReason(observed.item) ?? (isHollow(entity, binding, link.seen, observed.item, [...place.drifted.keys()]) ? HOLLOW : undefined)
    if (unread === undefined) return compareValues(place, loaded, record, link, observed)
    // an item that says nothing is no evidence of anything: whether it is so still is for the full pass to see
    const hold = wholeHold(loaded, link)
    const what = hold === null ? ({ cause: "mapping", note: unread } as const) : ({ cause: "held", note: hold } as const)
    ledger.found(difference(place, { record, remoteId: observed.id }, what), null)
    return null
  }
  if (whole === "explained") ledger.explain("filter")
  else {
    const mark: Mark | null = whole.cause === "extra" ? { kind: "reread", entity: entity.name, recordId: record.id, linkId: link.id } : null
    ledger.found(difference(place, { record, remoteId: observed.id }, whole), mark)
  }
  return null
}

function compareUnlinked(place: Place, loaded: Loaded, observed: Observed): void {
  const verdict = judgeUnlinked(place.entity, place.binding, observed, loaded, place.now)
  if ("reason" in verdict) return place.ledger.explain(verdict.reason)
  const record = loaded.records.find((row) => row.id === verdict.recordId) ?? null
  if (record !== null && (verdict.cause === "extra" || verdict.cause === "held"))
    place.ledger.foundBeside(place.binding.key, record.id, { remoteId: observed.id, secondaryId: observed.secondary })
  place.ledger.found(difference(place, { record, remoteId: observed.id, label: verdict.label }, verdict), null)
}

/** What holds for the item as a whole, whatever its values are; null: its values are what counts. */
function wholeStanding(
  loaded: Loaded,
  record: RecordRow,
  link: Link,
): { readonly cause: Cause; readonly note: string } | "explained" | null {
  const intent = loaded.intents.find((candidate) => candidate.linkId === link.id)
  if (intent !== undefined) return { cause: "owed", note: `the outcome of a write (${intent.kind}) is still to be found out` }
  if (link.state === "kept") return "explained"
  if (link.state === "gone") {
    const hold = wholeHold(loaded, link)
    return hold === null ? { cause: "extra", note: "it was known to be gone, and is there" } : { cause: "held", note: hold }
  }
  if (link.owes !== null)
    return { cause: "owed", note: link.owes === "delete" ? "it is to be deleted there" : "it is to be archived there" }
  if (record.deleted === null) return null
  return { cause: "held", note: wholeHold(loaded, link) ?? "the record was deleted, and the item is there" }
}

interface Open {
  readonly kind: "moved" | "apart"
  readonly facts: FieldFacts
}

function compareValues(place: Place, loaded: Loaded, record: RecordRow, link: Link, observed: Observed): Rest {
  const { entity, binding, ledger } = place
  const count = ledger.count(entity.name, binding.key)
  const about = { record, remoteId: observed.id }
  const silent = isSilent(binding, link, observed)
  const again: Mark = { kind: "reread", entity: entity.name, recordId: record.id, linkId: link.id }
  if (link.remoteId !== observed.id)
    ledger.found(difference(place, about, { cause: "memory", note: `its id was ${link.remoteId ?? "unknown"}` }), again)
  const open: Open[] = []
  for (const [name, standing] of compareFields(binding, record, link, loaded, observed.item)) {
    count.fields++
    if (standing.kind === "agrees" || standing.kind === "explained") {
      count.agree++
      if (standing.kind === "explained") ledger.explain(standing.reason)
      continue
    }
    const held = place.drifted.get(name)
    // one that shows it as ever says what it has, whatever the others do
    const isShown = held !== undefined && fits(held)(shapeAt(observed.item, held.path)) === true
    const drift = held === undefined || isShown ? place.vanished(standing.field, observed.item) : sayDrift(held)
    if (drift !== null) {
      const { record: is, seen, actual } = standing
      ledger.found(difference(place, about, { cause: "drift", note: drift, field: name, record: is, seen, actual }), null)
      continue
    }
    switch (standing.kind) {
      case "plain": {
        const { cause, note, record: is, seen, actual } = standing
        const sends = standing.again === true ? { again: true } : {}
        ledger.found(
          difference(place, about, { cause, note, field: name, record: is, seen, actual, silent: silent && cause === "memory", ...sends }),
          cause === "memory" ? again : standing.again === true ? { ...again, kind: "again", field: name } : null,
        )
        break
      }
      case "moved":
      case "apart":
        open.push({ kind: standing.kind, facts: standing })
    }
  }
  return open.length === 0 ? null : judgeOpen(place, loaded, record, link, observed, open)
}

const judgeOpen = (
  place: Place,
  loaded: Loaded,
  record: RecordRow,
  link: Link,
  observed: Observed,
  open: readonly Open[],
): Effect.Effect<void, StoreError> =>
  Effect.gen(function* () {
    const { entity, binding, store, ledger } = place
    const silent = isSilent(binding, link, observed)
    const about = { record, remoteId: observed.id }
    const journal: readonly JournalRow[] = yield* store.journal({ recordId: record.id, limit: MOST_ROWS, newestFirst: true })
    const links = loaded.links.filter((other) => other.recordId === record.id)
    const evidence = { entity, binding, link, links, observed, journal, now: place.now }
    const judged = open.map(({ kind, facts }) => ({
      kind,
      facts,
      verdict: kind === "moved" ? judgeMoved(evidence, facts) : judgeApart(evidence, facts),
    }))
    for (const each of judged) {
      const verdict = besideAnEdit(each, judged)
      if ("reason" in verdict) {
        ledger.count(entity.name, binding.key).agree++
        ledger.explain(verdict.reason)
        continue
      }
      const { facts } = each
      ledger.found(
        difference(place, about, {
          ...verdict,
          field: facts.field.name,
          record: facts.record,
          seen: facts.seen,
          actual: facts.actual,
          silent: silent && each.kind === "moved",
        }),
        markOf(verdict.cause, facts, evidence),
      )
    }
  })

type Judged = { readonly kind: "moved" | "apart"; readonly facts: FieldFacts; readonly verdict: Verdict }

/** A lost write that shares a path with an edit cannot be told from it: the edit counts. */
function besideAnEdit(one: Judged, all: readonly Judged[]): Verdict {
  if (!("cause" in one.verdict) || one.verdict.cause !== "lost_write" || one.kind !== "moved") return one.verdict
  const edited = all.find(
    (other) =>
      "cause" in other.verdict &&
      other.verdict.cause === "edited_outside" &&
      other.facts.field.reads.some((path) => one.facts.field.reads.includes(path)),
  )
  return edited?.verdict ?? one.verdict
}

function markOf(
  cause: Cause,
  facts: FieldFacts,
  { binding, link, links, observed, entity }: { binding: Binding; link: Link; links: readonly Link[]; observed: Observed; entity: Entity },
): Mark | null {
  const { field, record, actual } = facts
  const about = { entity: entity.name, recordId: link.recordId, linkId: link.id, field: field.name } as const
  const deliver = (): Mark => ({
    kind: "deliver",
    ...about,
    seen: link.seen,
    actual,
    paths: Object.fromEntries(field.reads.map((path): [string, Json] => [path, valueAt(observed.item, segmentsOf(path))])),
    version: observed.version,
  })
  switch (cause) {
    case "lost_write":
      return deliver()
    case "edited_outside":
      return { kind: "reread", entity: entity.name, recordId: link.recordId, linkId: link.id }
    case "record": {
      if (field.direction !== "out")
        return { kind: "take", ...about, record, actual, stamp: stampOf(field, observed, binding.system, observed.at ?? 0) }
      // only written here: it follows whoever is read, and if nobody is, the record is all there is
      const read = links.some((other) => {
        const rule = entity.bindings.find((candidate) => candidate.key === other.binding)?.field(field.name)
        return rule !== undefined && rule.direction !== "out" && other.remoteId !== null && other.state === "live"
      })
      return read ? null : deliver()
    }
    default:
      return null
  }
}
