// Answers that the schema or a rule of the pipeline would refuse are refused when they are typed, not by the next run.
// A pipeline that cannot be read now hinders nobody from answering: the run looks at each answer once more.
import type { Store } from "@syncline/core"
import { chosenValue, refusalOf } from "@syncline/core/review"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import type { Located } from "../wire/locate.ts"
import { readPipeline } from "../wire/pipeline.ts"
import type { Answered, LeftOpen } from "./review-many.ts"

export async function admit(
  screen: Screen,
  { located, store }: { readonly located: Located; readonly store: Store },
  answered: readonly Answered[],
): Promise<{ readonly answered: readonly Answered[]; readonly open: readonly LeftOpen[] }> {
  const ids = answered.flatMap(({ review, choice }) =>
    review.recordId !== null && review.field !== null && chosenValue(review, choice) !== null ? [review.recordId] : [],
  )
  if (ids.length === 0) return { answered, open: [] }
  const { pipeline } = await readPipeline(screen, located)
  if (pipeline === null) return { answered, open: [] }
  const { records } = await perform(store.loadRecords(ids))
  const known = new Map(records.map((record) => [record.id, record]))
  const fits: Answered[] = []
  const open: LeftOpen[] = []
  for (const each of answered) {
    const { review, choice } = each
    const entity = pipeline.entities.find(({ name }) => name === review.entity)
    const record = known.get(review.recordId ?? "")
    const chosen = chosenValue(review, choice)
    const why =
      entity === undefined || record === undefined || chosen === null || review.field === null
        ? null
        : refusalOf(entity, record.fields, review.field, chosen.value)
    if (why === null) fits.push(each)
    else open.push({ review, why })
  }
  return { answered: fits, open }
}
