// An item that is kept from being made anew, in quarantine with its reason, until a person says otherwise.
import type { Draft } from "./draft.ts"
import { stillBlocked } from "./refusal.ts"

const idOf = (linkId: string): string => `q_${linkId}.out`

export function holdItem(draft: Draft, linkId: string, reason: string): void {
  const link = draft.link(linkId)
  if (link === undefined) return
  draft.quarantine({
    id: idOf(linkId),
    entity: link.entity,
    binding: link.binding,
    recordId: link.recordId,
    linkId,
    remoteId: link.remoteId,
    field: null,
    direction: "out",
    reason,
    item: link.seen ?? {},
    version: link.version,
    since: draft.context.now,
  })
  draft.putLink({ ...link, blocked: reason })
  draft.note("quarantined", link, reason)
}

export function releaseHold(draft: Draft, linkId: string): void {
  draft.release(idOf(linkId))
  const link = draft.link(linkId)
  if (link !== undefined) draft.putLink({ ...link, blocked: stillBlocked(draft, link) })
}
