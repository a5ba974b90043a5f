// Something speaks against what is known of an item, and may be stale itself: the item is to be read again. It falls due
// by the first doubt, so that pages that repeat it cannot put it off, and ends with an answer younger than the last.
import type { Link } from "../model/link.ts"

export const doubt = (link: Link, now: number): Pick<Link, "rereadAt" | "doubtedAt"> => ({ rereadAt: link.rereadAt ?? now, doubtedAt: now })

/** Why a link is blocked whose item no lookup finds, where that is no proof that it is gone. */
export const NOT_FOUND = "it was not found there, which proves nothing: its id may have changed"
