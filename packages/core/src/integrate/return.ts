// An item comes back from where it was known to be gone, or is edited while its delete is owed.
import type { Binding } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import { unmarked } from "./archive-marks.ts"
import { keysOf } from "./claims.ts"
import { ask, closeReview } from "./dispute.ts"
import { deleteAgainstEdit } from "./delete-against-edit.ts"
import { doubt } from "./doubt.ts"
import type { Draft } from "./draft.ts"
import { identifyNew, readItem } from "./identify.ts"
import { giveUpId } from "./locate.ts"
import { meetItem, mergeItem } from "./merge.ts"
import type { Observed } from "./observed.ts"
import { owedSince } from "./owed-since.ts"
import { readsOtherwise } from "./reads-otherwise.ts"
import { reviveRecord } from "./remove.ts"
import { retyped } from "./retyped.ts"
import { spread } from "./spread.ts"
import { isStandIn } from "./stand-in.ts"
import { owesEverything } from "./succeed.ts"
import { compareVersions } from "./version-order.ts"

/** An item under an id that is known to be gone: a late page, or a restore. */
export function integrateReturn(draft: Draft, binding: Binding, link: Link, observed: Observed, confirmed: boolean): void {
  // another item under an id that is free again: no news of the one that is gone, and a lookup of that one says nothing
  const sameItem = link.secondaryId === null || observed.secondary === null || link.secondaryId === observed.secondary
  const order = sameItem ? compareVersions(binding.spec, observed.version, link.version) : "newer"
  if (order === "older") return
  if (order !== "newer" && !confirmed) {
    draft.putLink({ ...link, ...doubt(link, draft.context.now) })
    return
  }
  const record = draft.record(link.recordId)
  const claimed = keysOf(draft.entity, readItem(binding, observed, draft.context.now).fields).some(({ key, value }) =>
    draft.claimantsOf(key, value, binding.key).some((id) => id !== record.id),
  )
  // an item under an old id that is another's by now, or a record of somebody who claims its keys meanwhile, or of nobody
  if (
    !sameItem ||
    record.deleted?.mergedInto !== undefined ||
    isStandIn(record) ||
    (claimed && record.deleted !== null) ||
    (record.deleted === null && draft.linkIn(record.id, binding.key)?.id !== link.id)
  ) {
    // back, and another record's now: both names go with it. Not back, and only its old id is in use again: it keeps the other
    giveUpId(draft, link, sameItem ? null : observed.secondary)
    // the record that stands for it since, where another item took its place or a person made one of two
    const formerly = record.deleted?.mergedInto ?? (isStandIn(record) ? undefined : record.id)
    return identifyNew(draft, binding, observed, sameItem ? formerly : undefined)
  }
  for (const review of draft.reviews(record.id)) {
    const wasMerged = review.kind === "duplicate" && review.item === null && review.binding === binding.key
    if (review.kind === "delete_vs_edit" || wasMerged) closeReview(draft, review, "withdrawn", "the item came back")
  }
  // where an id can be another item's next time, what is there now may never have shown what the removed one had. A user
  // whose delete ended the record had that before his eyes; where the record lives on, nobody gave it up
  const isAnew = record.deleted === null && !binding.spec.id.stable && link.secondaryId === null
  const apart = record.deleted === null ? retyped(binding, link, observed.item) : {}
  // it may have been marked as deleted before it went
  const { owed: marks, means } = unmarked(binding, link)
  const owed = isAnew ? owesEverything(binding) : { ...owedSince(draft, binding, { ...link, means }), ...marks, ...apart }
  draft.putLink({ ...link, state: "live", generation: link.generation + 1, owed, means, owes: null, rereadAt: null })
  reviveRecord(draft, record.id, `${binding.key} has the item again`)
  // it may have come back with other values: what it had when it went is the base
  if (isAnew) meetItem(draft, binding, link.id, observed)
  else mergeItem(draft, binding, link.id, observed)
  spread(draft, record.id)
}

/** Whether anything changed that means something to us: what is only written there, by an automation perhaps, is no word. */
const isEdit = (binding: Binding, { seen }: Link, { item }: Observed): boolean =>
  seen === null || binding.fields.some((field) => field.direction !== "out" && readsOtherwise(field, seen, item) !== false)

/** The item that is to be deleted was edited meanwhile. */
export function editAgainstDelete(draft: Draft, binding: Binding, link: Link, observed: Observed): void {
  const record = draft.record(link.recordId)
  const known: Link = { ...link, version: observed.version, seenAt: draft.context.now, rereadAt: null }
  if (record.deleted === null) {
    // on its way out of a filter: its own edit may bring it back, or not
    draft.putLink({ ...known, owes: null })
    if (mergeItem(draft, binding, link.id, observed)) return spread(draft, record.id)
    // an edit that cannot be taken brings nothing back: it is held, and the item with it
    const held = draft.link(link.id) ?? link
    draft.putLink({ ...held, version: link.version, owes: link.owes })
    return
  }
  if (!isEdit(binding, link, observed)) return draft.putLink({ ...known, seen: binding.project(observed.item) })
  const what = `${binding.key} ${observed.id} was edited after the record was deleted in ${record.deleted.system}`
  switch (deleteAgainstEdit(draft)) {
    case "delete_wins":
      draft.putLink({ ...known, seen: binding.project(observed.item) })
      draft.note("conflict", link, `delete wins: ${what}`)
      return
    case "edit_wins":
      if (isStandIn(record)) {
        draft.dropLink(link.id)
        return identifyNew(draft, binding, observed)
      }
      draft.putLink(known)
      reviveRecord(draft, record.id, `edit wins: ${what}`)
      mergeItem(draft, binding, link.id, observed)
      // also where it was still to be made when it ended, and the edit is a question that changes nothing yet
      return spread(draft, record.id)
    case "review":
      draft.putLink(known)
      if (draft.reviews(record.id).some((review) => review.kind === "delete_vs_edit")) return
      ask(draft, {
        kind: "delete_vs_edit",
        message: what,
        link,
        item: null,
        sides: [
          {
            system: record.deleted.system,
            linkId: null,
            value: null,
            stamp: { system: record.deleted.system, at: record.deleted.at, certainty: "item" },
          },
          {
            system: binding.system,
            linkId: link.id,
            value: binding.project(observed.item),
            stamp: { system: binding.system, at: observed.at ?? draft.context.now, certainty: "item" },
          },
        ],
      })
      return
  }
}
