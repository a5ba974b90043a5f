// The records that a question is about, as whoever answers it has to see them: by what they are called, with their values
// and the items they have.
import type { Review, Store } from "@syncline/core"
import type { NamedRecord } from "../render/review.ts"
import { perform } from "./effect.ts"
import { labelsIn } from "./looking.ts"

/** `record`: whose field or item it is about. `candidates`: whose item it could be. */
export async function namedIn(
  store: Store,
  review: Review,
): Promise<{ readonly record: NamedRecord | null; readonly candidates: readonly NamedRecord[] }> {
  const ids = [...(review.recordId === null ? [] : [review.recordId]), ...review.candidates]
  const loaded = await perform(store.loadRecords(ids))
  const { records, links } = loaded
  const labels = labelsIn(loaded)
  const named = (id: string): NamedRecord => ({
    id,
    label: labels.get(id) ?? id,
    fields: records.find((record) => record.id === id)?.fields ?? {},
    items: links.flatMap(({ recordId, binding, remoteId, state }) =>
      recordId === id && remoteId !== null && state !== "gone" ? [{ binding, remoteId }] : [],
    ),
  })
  return { record: review.recordId === null ? null : named(review.recordId), candidates: review.candidates.map(named) }
}
