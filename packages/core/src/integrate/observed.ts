// One remote item as it enters integration, and what its times say about one field.
import type { Change } from "@syncline/connector"
import type { ItemNames } from "../model/forgotten-id.ts"
import type { CompiledField } from "../model/pipeline.ts"
import type { Review } from "../model/review.ts"
import type { Stamp } from "../model/record.ts"
import type { JsonObject } from "../model/value.ts"

export interface Observed {
  readonly id: string
  readonly secondary: string | null
  readonly item: JsonObject
  readonly version: string | null
  /** Modified time of the item, epoch ms on the system's clock. */
  readonly at: number | null
  readonly fieldTimes: Readonly<Record<string, string>>
}

const NO_TIMES: Readonly<Record<string, string>> = {}

export function parseTime(text: string | undefined): number | null {
  if (text === undefined) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at
}

type ItemFacts = Pick<Extract<Change, { kind: "upsert" }>, "id" | "secondary" | "item" | "version" | "at" | "fieldTimes">

export const observe = (change: ItemFacts): Observed => ({
  id: change.id,
  secondary: change.secondary ?? null,
  item: change.item,
  version: change.version ?? null,
  at: parseTime(change.at),
  fieldTimes: change.fieldTimes ?? NO_TIMES,
})

export const namesOf = ({ id, secondary }: Pick<Observed, "id" | "secondary">): ItemNames => ({ remoteId: id, secondaryId: secondary })

/** An item that waits for a person, as it was when it was parked: what it was then is known, when it was so is not. */
export const parkedItem = ({ remoteId, item, secondary }: Pick<Review, "remoteId" | "item" | "secondary">): Observed | null =>
  remoteId === null || item === null
    ? null
    : { id: remoteId, secondary: secondary ?? null, item, version: null, at: null, fieldTimes: NO_TIMES }

/** The best time there is: the field's own, else the item's, else now. */
export function stampOf(field: CompiledField, observed: Observed, system: string, now: number): Stamp {
  let at: number | null = null
  for (const path of field.reads) {
    const time = parseTime(observed.fieldTimes[path])
    if (time !== null && (at === null || time > at)) at = time
  }
  if (at !== null) return { system, at, certainty: "field" }
  if (observed.at !== null) return { system, at: observed.at, certainty: "item" }
  return { system, at: now, certainty: "observed" }
}
