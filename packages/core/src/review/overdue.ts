// Questions that wait too long. Pure: what is open and when people were last told in, how many are overdue out.
import type { Review } from "../model/review.ts"

export interface Overdue {
  /** Open for longer than the time after which people are reminded. */
  readonly all: number
  /** Of those, the ones to remind people of now: as much time has passed once more since they were last told. */
  readonly now: number
}

/** `toldAt`: when the last run told of what was overdue then, epoch ms; null: never. */
export function overdueOf(open: readonly Pick<Review, "openedAt">[], remindMs: number | null, toldAt: number | null, now: number): Overdue {
  if (remindMs === null) return { all: 0, now: 0 }
  const times = (openedAt: number, at: number): number => Math.floor((at - openedAt) / Math.max(1, remindMs))
  const late = open.filter(({ openedAt }) => times(openedAt, now) >= 1)
  const due = late.filter(({ openedAt }) => toldAt === null || times(openedAt, now) > Math.max(0, times(openedAt, toldAt)))
  return { all: late.length, now: due.length }
}
