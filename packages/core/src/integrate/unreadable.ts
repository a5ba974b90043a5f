// A field that cannot be read through its lens is held alone, in quarantine, while the rest of the item flows. What an item
// says there is not known to anybody else, and is not lost for that.
import type { LensFailure } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import type { JsonObject } from "../model/value.ts"
import type { Draft } from "./draft.ts"

const idOf = (link: Link, field: string): string => `q_${link.id}.${field}`

export function holdField(draft: Draft, link: Link, field: string, failure: LensFailure, item: JsonObject): void {
  const id = idOf(link, field)
  if (draft.quarantineEntry(id)?.reason === failure.message) return
  draft.quarantine({
    id,
    entity: link.entity,
    binding: link.binding,
    recordId: link.recordId,
    linkId: link.id,
    remoteId: link.remoteId,
    field,
    direction: "in",
    reason: failure.message,
    item,
    version: link.version,
    since: draft.context.now,
  })
  draft.note("quarantined", link, `${field}: ${failure.message}`)
}

export function releaseField(draft: Draft, link: Link, field: string): void {
  const id = idOf(link, field)
  if (draft.quarantineEntry(id) === undefined) return
  draft.release(id)
  draft.note("released", link, `${field} can be read again`)
}

/** What could not be read of an item went with it. */
export function forgetUnread(draft: Draft, link: Link): void {
  for (const entry of draft.quarantined()) {
    if (entry.linkId !== link.id || entry.direction !== "in") continue
    draft.release(entry.id)
    draft.note("released", link, "the item is gone")
  }
}

/** What an item may say that could not be taken in: names of fields, or the item as a whole. */
export function unreadOf(draft: Draft, link: Link): readonly string[] {
  if (link.remoteId === null || link.state !== "live") return []
  const names = new Set(draft.context.unread?.(link.binding))
  for (const entry of draft.quarantined())
    if (entry.linkId === link.id && entry.direction === "in") names.add(entry.field ?? "the whole item")
  return [...names].map((name) => `${name} in ${link.binding}`)
}
