// Which link an item belongs to: by its id, or by its stable secondary id where the id changed hands.
import type { Binding } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import { doubt } from "./doubt.ts"
import type { Draft } from "./draft.ts"
import { moveRefusal, refusedItem } from "./merge.ts"
import type { Observed } from "./observed.ts"
import { compareVersions } from "./version-order.ts"

/**
 * The link of an item: by its id, or by its stable secondary id where the id changed. `confirmed`: the answer of a lookup
 * made just now.
 */
export function locate(draft: Draft, binding: Binding, observed: Observed, confirmed: boolean): Link | undefined {
  const byId = draft.linkByRemote(binding.key, observed.id)
  if (observed.secondary === null) return byId
  const bySecondary = draft.linkBySecondary(binding.key, observed.secondary)
  const own = byId?.secondaryId === null || byId?.secondaryId === observed.secondary
  // a copy from before, or from before it ended, perhaps: it takes the id from nobody who has it since, before it is asked for itself
  if (!confirmed && byId !== undefined && !own && byId.state !== "gone" && mayBeLate(binding, bySecondary, observed)) return bySecondary
  if (byId !== undefined && own && byId.state !== "gone" && bySecondary?.state === "gone") return byId
  if (byId !== undefined && bySecondary !== undefined && byId.id !== bySecondary.id && byId.seen === null && byId.secondaryId === null) {
    // taken for an item of nobody that is somebody's under a new id: back to having none
    draft.putLink({ ...byId, remoteId: null, rereadAt: null })
  }
  if (byId !== undefined && byId.secondaryId !== null && byId.secondaryId !== observed.secondary && byId.state !== "gone") {
    // the id went over to another item: whose it was must be found by its secondary id
    loseId(draft, byId)
  }
  if (bySecondary === undefined)
    return byId?.secondaryId === null || byId?.secondaryId === observed.secondary ? byId : byId?.state === "gone" ? byId : undefined
  if (bySecondary.remoteId !== observed.id) {
    // a late page shows it under an id that it had before; in quarantine, what was refused is the latest that is known of it
    const refused = bySecondary.remoteId === null ? undefined : refusedItem(draft, binding.key, bySecondary.remoteId)
    if (refused !== undefined && compareVersions(binding.spec, observed.version, refused.version) === "older") return bySecondary
    const order = compareVersions(binding.spec, observed.version, bySecondary.version)
    if (order === "older") return bySecondary
    // or nobody can say that it is not one: the stable id is asked for first
    if (order !== "newer" && !confirmed && bySecondary.seen !== null && binding.spec.read.lookup?.by.includes("secondary") === true) {
      const doubted = { ...bySecondary, ...doubt(bySecondary, draft.context.now) }
      draft.putLink(doubted)
      return doubted
    }
    // known by its id alone so far, which is another's by now: nobody can be found under it any more
    const rival = byId !== undefined && byId.id !== bySecondary.id ? draft.link(byId.id) : undefined
    if (rival?.remoteId === observed.id) {
      if (rival.state !== "gone" && binding.spec.id.stable) return rival
      draft.putLink({ ...rival, remoteId: orphanId(rival) })
    }
    return repoint(draft, binding, bySecondary, observed.id, observed.secondary)
  }
  return bySecondary
}

/** Whether what shows it is older than what is known of it; or may be, where it is known to be gone. */
function mayBeLate({ spec }: Binding, known: Link | undefined, { version }: Observed): known is Link {
  if (known === undefined) return false
  const order = compareVersions(spec, version, known.version)
  return order === "older" || (known.state === "gone" && spec.read.lookup?.by.includes("secondary") === true && order !== "newer")
}

/** Stands in for the id of an item that lost its id to another; one item can lose it in several links, one after the other. */
export const orphanId = (link: Link): string => `~${link.id}`

/**
 * A tombstone whose id is another item's now: it keeps its stable name, unless that is `heir`'s as well, and is asked for under
 * that where it was to be asked for.
 */
export function giveUpId(draft: Draft, holder: Link, heir: string | null): void {
  const secondaryId = heir === null || heir === holder.secondaryId ? null : holder.secondaryId
  draft.putLink({ ...holder, remoteId: orphanId(holder), secondaryId, rereadAt: secondaryId === null ? null : holder.rereadAt })
}

/**
 * An id that is about to be tied to an item, and its stable name: tombstones give them up, one each perhaps, and so does
 * whoever had that id before it went over to this item. `heir`: the link that has them already, or is to have them.
 */
export function freeId(draft: Draft, binding: string, { id, secondary }: Pick<Observed, "id" | "secondary">, heir?: string): void {
  const named = secondary === null ? undefined : draft.linkBySecondary(binding, secondary)
  for (const holder of [named, draft.linkByRemote(binding, id)])
    if (holder?.state === "gone" && holder.id !== heir) giveUpId(draft, holder, secondary)
  const former = draft.linkByRemote(binding, id)
  if (former === undefined || former.id === heir) return
  if (former.secondaryId !== null && secondary !== null && former.secondaryId !== secondary) loseId(draft, former)
}

/** Its id is another item's by now, and what it is called since is to be found out. */
export function loseId(draft: Draft, link: Link): void {
  draft.putLink({ ...link, remoteId: orphanId(link), rereadAt: draft.context.now })
}

export function repoint(draft: Draft, binding: Binding, link: Link, remoteId: string, secondaryId: string | null): Link {
  const moved = { ...link, remoteId, secondaryId }
  draft.putLink(moved)
  moveRefusal(draft, binding.key, link, remoteId)
  draft.note("rekeyed", { recordId: link.recordId, binding: binding.key, remoteId }, `was ${link.remoteId ?? "unknown"}`)
  return moved
}
