// A due link becomes one remote write, or nothing: `put` of what is owed over what was seen. Pure.
import { isObject } from "@syncline/connector"
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import { overlay, segmentsOf, withValues } from "../model/path.ts"
import { authorOf, type Fields } from "../model/record.ts"
import { alike, canonicalText, isBlank, type Json, type JsonObject } from "../model/value.ts"
import { marksOf } from "../integrate/archive-marks.ts"
import { claimsOf } from "../integrate/claims.ts"
import { ask } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { without } from "../integrate/edit.ts"
import { heldFields, heldWhole, sendable } from "../integrate/hold.ts"
import { NOT_SHOWN } from "../integrate/refusal.ts"
import { letBe } from "../integrate/spread.ts"
import { forgetLink, isUnmade } from "../integrate/unmade.ts"
import { textHash } from "../model/text-hash.ts"

export interface Epoch {
  readonly epoch: number
  readonly run: string
  /** Of an undo: the run that is taken back. */
  readonly undoes?: string
}

/** Opens the intent of a due link; null where nothing is left to say or only a question remains. */
export function prepare(draft: Draft, binding: Binding, link: Link, epoch: Epoch): Intent | null {
  // it became due before its key was found missing there, or its values unreadable
  if ((link.remoteId === null || link.owes === "delete") && heldWhole(draft, link) !== null) return null
  // what was on its way was never made, and has no place there any more
  const isUnwanted = link.remoteId === null && binding.accepts(draft.record(link.recordId).fields, false) === false
  if (isUnmade(draft, link) || isUnwanted) {
    forgetLink(draft, link)
    return null
  }
  if (letBe(draft, link, binding)) return null
  if (link.owes === "delete") {
    if (binding.spec.write.delete === undefined) {
      draft.putLink({ ...link, state: "kept", owes: null, owed: {} })
      draft.note("refused", link, "this system cannot delete: the item is left in place")
      return null
    }
    return open(draft, link, "delete", {}, {}, epoch)
  }
  if (link.owes === "archive") return openArchive(draft, binding, link, epoch)
  const composed = compose(draft, binding, link)
  if (composed === null) return null
  const kind = link.remoteId === null ? "create" : "update"
  if (kind === "create" && Object.keys(composed.set).length === 0) return null
  return open(draft, link, kind, composed.set, composed.sent, epoch)
}

interface Composed {
  readonly set: JsonObject
  readonly sent: Fields
}

function compose(draft: Draft, binding: Binding, link: Link): Composed | null {
  const values = wanted(draft, link)
  let set: JsonObject = {}
  const sent: Record<string, Json> = {}
  const said: string[] = []
  for (const [name, value] of values) {
    const field = binding.field(name)
    if (field === undefined || field.direction === "in") {
      // no longer mapped, or no longer written here: nothing is owed any more
      said.push(name)
      continue
    }
    const paths = field.put(value, link.seen)
    if (paths instanceof LensFailure) {
      unachievable(draft, link, name, value, paths.message)
      continue
    }
    const entries = Object.entries(paths)
    const silent = entries.length === 0 || (link.remoteId === null && entries.every(([, part]) => isBlank(part)))
    if (silent) {
      said.push(name)
      continue
    }
    set = withValues(set, paths)
    sent[name] = value
  }
  // PutGet on the whole item: fields that share a path must not undo each other
  const item = overlay(link.seen ?? {}, set)
  for (const [name, value] of Object.entries(sent)) {
    const back = binding.field(name)?.get(item)
    if (back instanceof LensFailure || !alike(back, value)) {
      unachievable(draft, link, name, value, back instanceof LensFailure ? back.message : `it would read back as ${JSON.stringify(back)}`)
      // it is held now, and the rest goes without it
      return compose(draft, binding, draft.link(link.id) ?? link)
    }
  }
  if (said.length > 0 && (link.remoteId !== null || Object.keys(sent).length > 0)) settleSilently(draft, link, said)
  return Object.keys(sent).length > 0 ? { set, sent } : null
}

const wanted = (draft: Draft, link: Link): readonly (readonly [string, Json])[] => {
  const { fields } = draft.record(link.recordId)
  return sendable(draft, link).map((name) => [name, fields[name] ?? null] as const)
}

/** The record was deleted: the item stays, marked by the values that the binding names. */
function openArchive(draft: Draft, binding: Binding, link: Link, epoch: Epoch): Intent | null {
  const marks = marksOf(binding)
  // nothing is written where a field is not as it was: it stays due, and each pass asks again
  const held = (draft.context.withheld?.(binding.key) ?? []).flatMap((name) => binding.field(name)?.reads ?? [])
  if (held.some((path) => Object.hasOwn(marks, path))) return null
  if (Object.keys(marks).length > 0) return open(draft, link, "update", withValues({}, marks), {}, epoch)
  draft.putLink({ ...link, state: "kept", owes: null, owed: {} })
  return null
}

/** The item already means what is owed. */
function settleSilently(draft: Draft, link: Link, names: readonly string[]): void {
  const present = draft.link(link.id) ?? link
  let { owed } = present
  // a create in the making still owes its blanks no answer: they are agreed once the item exists
  for (const name of names) owed = without(owed, name)
  draft.putLink({ ...present, owed, attempts: 0 })
}

function unachievable(draft: Draft, link: Link, field: string, value: Json, reason: string): void {
  const known = draft
    .reviews(link.recordId)
    .some((review) => review.kind === "unachievable" && review.linkId === link.id && review.field === field)
  if (known) return
  const record = draft.record(link.recordId)
  const stamp = authorOf(record, field)
  ask(draft, {
    kind: "unachievable",
    message: `${field} cannot be written to ${link.binding}: ${reason}`,
    link,
    field,
    sides: [{ system: stamp.system, linkId: null, value, stamp }],
  })
}

/**
 * What the system may compare with before it writes: nothing that it did not show after a write. What is held for its whole
 * system is left out on the way there.
 */
function comparable(draft: Draft, link: Link): JsonObject | null {
  if (link.seen === null) return null
  const binding = draft.binding(link.binding)
  const held = heldFields(draft, link)
  const hidden = [...held].flatMap(([name, why]) => (why.startsWith(`refused: ${NOT_SHOWN}`) ? (binding.field(name)?.reads ?? []) : []))
  return hidden.length === 0 ? link.seen : withoutPaths(link.seen, hidden.map(segmentsOf))
}

const withoutPaths = (item: JsonObject, paths: readonly (readonly string[])[]): JsonObject =>
  Object.fromEntries(
    Object.entries(item).flatMap(([key, value]) => {
      const own = paths.flatMap(([head, ...rest]) => (head === key ? [rest] : []))
      if (own.some((rest) => rest.length === 0)) return []
      return [[key, own.length > 0 && isObject(value) ? withoutPaths(value, own) : value] as const]
    }),
  )

/** Makes a write durable: exactly this, under its own key. */
export function open(draft: Draft, link: Link, kind: Intent["kind"], set: JsonObject, sent: Fields, { epoch, run, undoes }: Epoch): Intent {
  const { now } = draft.context
  const record = draft.record(link.recordId)
  const id = draft.context.nextId("int")
  const intent: Intent = {
    id,
    linkId: link.id,
    recordId: link.recordId,
    entity: link.entity,
    binding: link.binding,
    kind,
    remoteId: link.remoteId,
    secondaryId: link.secondaryId,
    set,
    seen: comparable(draft, link),
    version: kind === "create" ? null : link.version,
    sent,
    keys: kind === "create" ? claimsOf(draft.entity, record.fields, record.id) : [],
    // a create says the same until the item exists; the same update may be meant anew some other day
    idempotencyKey: textHash(canonicalText([link.recordId, link.binding, link.generation, kind, kind === "create" ? set : id])),
    epoch,
    run,
    openedAt: now,
    settlesAt: now,
    tries: 1,
    unanswered: false,
    ...(undoes === undefined ? {} : { undoes }),
  }
  draft.openIntent(intent)
  return intent
}
