// The item of a link is gone, and another takes its place. In: the tombstone. Out: the next generation of the link, and a
// tombstone of its own for the old item, so that no late page, or copy of one, brings it back as somebody new.
import { type Link, NO_BASE, type Owed } from "../model/link.ts"
import type { Binding } from "../model/pipeline.ts"
import type { Draft } from "./draft.ts"
import { orphanId } from "./locate.ts"

export const owesEverything = (binding: Binding): Owed =>
  Object.fromEntries(binding.fields.filter((field) => field.direction !== "in").map((field) => [field.name, NO_BASE]))

/** Puts the next generation of a link whose item is gone. */
export function succeed(draft: Draft, binding: Binding, gone: Link): Link {
  const isBuried = bury(draft, binding, gone)
  // without a tombstone of its own, its last version tells a late copy of it from what takes its place
  const next = { ...nextOf(gone, binding, draft.context.now), version: isBuried ? null : gone.version }
  draft.putLink(next)
  return next
}

/** An id made from an address is the next item's as well: there only a stable name beside it says who is gone. */
function bury(draft: Draft, binding: Binding, gone: Link): boolean {
  const hasId = gone.remoteId !== null && gone.remoteId !== orphanId(gone)
  if (gone.secondaryId === null && !(hasId && binding.spec.id.stable)) return false
  const recordId = draft.context.nextId("rec")
  const id = draft.context.nextId("lnk")
  const deleted = {
    system: binding.system,
    at: gone.seenAt ?? draft.context.now,
    proof: `gone from ${binding.key}, where ${gone.recordId} has another item`,
    mergedInto: gone.recordId,
  }
  // it holds no value: only who it was, and its last version
  draft.putRecord({ id: recordId, entity: draft.entity.name, fields: {}, stamps: {}, deleted })
  const tombstone: Link = { ...gone, id, recordId, state: "gone", seen: {}, owed: {}, owes: null, means: {}, dueAt: null, attempts: 0 }
  draft.putLink({
    ...tombstone,
    remoteId: hasId ? gone.remoteId : orphanId(tombstone),
    rereadAt: null,
    doubtedAt: null,
    blocked: null,
  })
  return true
}

/** The next generation of a link: nothing is known of its item. */
export const nextOf = (link: Link, binding: Binding, now: number): Link => ({
  ...link,
  state: "live",
  remoteId: null,
  secondaryId: null,
  generation: link.generation + 1,
  seen: null,
  owed: owesEverything(binding),
  owes: null,
  means: {},
  version: null,
  seenAt: null,
  dueAt: now,
  attempts: 0,
  rereadAt: null,
  doubtedAt: null,
  blocked: null,
})
