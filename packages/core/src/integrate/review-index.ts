// The reviews of a step, found by id and by record.
import type { Review } from "../model/review.ts"

const isOpen = (review: Review | undefined): review is Review => review?.status === "open"

export class ReviewIndex {
  private readonly byId = new Map<string, Review>()
  private readonly byRecord = new Map<string, Set<string>>()

  get(id: string): Review | undefined {
    return this.byId.get(id)
  }
  rows(): ReadonlyMap<string, Review> {
    return this.byId
  }
  open(): readonly Review[] {
    return [...this.byId.values()].filter(isOpen)
  }
  openOf(recordId: string): readonly Review[] {
    const ids = this.byRecord.get(recordId)
    return ids === undefined ? [] : [...ids].map((id) => this.byId.get(id)).filter(isOpen)
  }
  put(review: Review): void {
    this.byId.set(review.id, review)
    if (review.recordId === null) return
    let ids = this.byRecord.get(review.recordId)
    if (ids === undefined) this.byRecord.set(review.recordId, (ids = new Set<string>()))
    ids.add(review.id)
  }
  /** Puts back what was there before; nothing, where the review is new. */
  restore(id: string, before: Review | undefined): void {
    if (before === undefined) this.byId.delete(id)
    else this.byId.set(id, before)
  }
}
