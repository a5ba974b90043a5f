// A write that the system carried out on another item than the one it was meant for: the id was made from an address, and
// somebody else has that address by now. Nobody is tied to anybody by it. The item that was meant is looked for by the id
// that stays, and whoever was written over gets back what was there.
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import { equal } from "../model/value.ts"
import type { Draft } from "../integrate/draft.ts"
import { orphanId } from "../integrate/locate.ts"
import type { Observed } from "../integrate/observed.ts"
import type { Settled } from "./settled.ts"
import { withDelivered } from "../integrate/with-delivered.ts"

export const isAnothers = (link: Link, intent: Intent, observed: Observed): boolean =>
  intent.kind === "update" && link.secondaryId !== null && observed.secondary !== null && observed.secondary !== link.secondaryId

/** `atomic`: the item is the answer to this very write. Read later, it may have come by the id after what was meant was written. */
export function settleElsewhere(draft: Draft, binding: Binding, link: Link, intent: Intent, observed: Observed, atomic: boolean): Settled {
  draft.note(
    atomic ? "refused" : "unanswered",
    { recordId: link.recordId, binding: link.binding, remoteId: observed.id },
    atomic
      ? "the system wrote it to another item, which has this id now; it stays owed, and that item gets back what it had"
      : "another item has this id now, and may have been written to; what was meant is read again, and that item gets back what it had",
  )
  const lost = link.remoteId === observed.id ? { remoteId: orphanId(link) } : {}
  draft.putLink({ ...link, ...lost, dueAt: null, rereadAt: draft.context.now })
  const owner = observed.secondary === null ? undefined : draft.linkBySecondary(binding.key, observed.secondary)
  if (owner === undefined || owner.id === link.id || owner.state !== "live") return "refused"
  const record = draft.record(owner.recordId)
  const ours: string[] = []
  let { owed } = owner
  for (const [name, sent] of Object.entries(intent.sent)) {
    const shown = binding.field(name)?.get(observed.item)
    if (shown === undefined || shown instanceof LensFailure || !equal(shown, sent) || equal(record.fields[name], shown)) continue
    // shown, and known to be of our own making: no edit of anybody
    owed = { ...owed, [name]: [shown] }
    ours.push(name)
  }
  draft.putLink({ ...owner, owed, seen: withDelivered(binding, owner, ours, binding.project(observed.item)), rereadAt: draft.context.now })
  return "refused"
}
