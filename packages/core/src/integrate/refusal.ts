// A write that a system refused for good: kept in quarantine with its message until something about it changes.
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import type { Quarantined } from "../model/quarantine.ts"
import type { Draft } from "./draft.ts"

/** How the reason begins where a system took a write, and it came to nothing. */
export const TAKEN = "the write was taken, and"
/** The same, where the item does not have the field at all. */
export const NOT_SHOWN = `${TAKEN} does not show`

const idOf = (link: Link, field: string | null): string => (field === null ? `q_${link.id}.out` : `q_${link.id}.${field}.out`)

/** Whether the system refused this link's last write as a whole. */
export const isRefused = (draft: Draft, link: Link): boolean => draft.quarantineEntry(idOf(link, null)) !== undefined

/** Whether an item that is gone was taken back by a person, who is to say so before it is made anew. */
export const isHeldBack = (draft: Draft, link: Link): boolean => link.blocked !== null && isRefused(draft, link)

/** `field`: only this one is held; null: the whole write. */
export function refuseWrite(draft: Draft, link: Link, intent: Intent, field: string | null, reason: string): void {
  draft.quarantine({
    id: idOf(link, field),
    entity: link.entity,
    binding: link.binding,
    recordId: link.recordId,
    linkId: link.id,
    remoteId: link.remoteId,
    field,
    direction: "out",
    reason,
    item: intent.set,
    version: link.version,
    since: draft.context.now,
  })
  draft.note("quarantined", link, field === null ? `refused: ${reason}` : `${field} was refused: ${reason}`)
  if (field === null) draft.putLink({ ...link, blocked: `refused: ${reason}` })
}

/**
 * A person decided not to write this, or anything here, until something about it changes. `mayBeThere`: it is a create of
 * which nobody knows whether it happened; then no edit sends another.
 */
export function leaveAlone(draft: Draft, link: Link, field: string | null, mayBeThere: boolean): void {
  const reason = mayBeThere ? MAY_BE_THERE : LEFT_ALONE
  draft.quarantine({
    id: idOf(link, field),
    entity: link.entity,
    binding: link.binding,
    recordId: link.recordId,
    linkId: link.id,
    remoteId: link.remoteId,
    field,
    direction: "out",
    reason,
    item: {},
    version: link.version,
    since: draft.context.now,
  })
  if (field === null) draft.putLink({ ...link, blocked: reason })
}

const LEFT_ALONE = "left alone by decision"
const MAY_BE_THERE = `${LEFT_ALONE}: it may have been made, so it is not made again until somebody says so`

export const isLeftAlone = (entry: Quarantined): boolean => entry.reason.startsWith(LEFT_ALONE)

/**
 * What keeps a link back still once a write of it is let go: what is held there as a whole stays so, and an item that could not
 * be taken in is not written over.
 */
export function stillBlocked(draft: Draft, link: Link): string | null {
  if (isRefused(draft, link)) return link.blocked
  for (const entry of draft.quarantined())
    if (entry.linkId === link.id && entry.direction === "in" && entry.field === null) return inQuarantine(entry.reason)
  return null
}

export const inQuarantine = (reason: string): string => `in quarantine: ${reason}`

/** Nobody refused it, and it did not show: it is written once more. */
export function writeAgain(draft: Draft, link: Link, field: string): void {
  const entry = draft.quarantineEntry(idOf(link, field))
  if (entry === undefined || !entry.reason.startsWith(TAKEN)) return
  draft.release(entry.id)
  draft.note("retried", entry, "by a repair")
  draft.putLink({ ...link, dueAt: draft.context.now, attempts: 0 })
}

/** Whether an undo is removing the item, and nobody knows yet whether it has. */
export function isTakenBack(draft: Draft, linkId: string): boolean {
  const intent = draft.intent(linkId)
  return intent?.kind === "delete" && intent.undoes !== undefined
}

/** Nobody refused it: it is kept from being made until somebody says so, and no edit does. */
const isWithheld = (link: Link, { reason }: Quarantined): boolean =>
  link.remoteId === null && link.blocked === reason && reason !== LEFT_ALONE

/** Something changed: what was refused may pass now. What an undo holds was not refused, and no edit lets it go. */
export function forgetRefusals(draft: Draft, linkId: string, field: string | null): void {
  const link = draft.link(linkId)
  if (link === undefined || isTakenBack(draft, linkId)) return
  for (const id of [idOf(link, null), ...(field === null ? [] : [idOf(link, field)])]) {
    const entry = draft.quarantineEntry(id)
    if (entry === undefined || isWithheld(link, entry)) continue
    draft.release(id)
    draft.note("released", link, "changed since it was refused")
    const present = draft.link(linkId)
    if (present !== undefined && present.blocked !== null && id === idOf(link, null))
      draft.putLink({ ...present, blocked: stillBlocked(draft, present) })
  }
}
