// By what an item of somebody who was forgotten is known again, whatever it shows by then: its names there. Pure.
import type { KeyValue } from "./record.ts"

/** Stands for the name of a match key; the value is the remote id. */
export const idKey = (binding: string): string => `id in ${binding}`

/** The same for a stable secondary id. */
export const secondaryKey = (binding: string): string => `stable id in ${binding}`

/** The same for an id that may be another item's one day: it says whom a merge or a clash names, and nothing of what shows it. */
export const passingIdKey = (binding: string): string => `passing id in ${binding}`

/** What an item is called in one binding. */
export interface ItemNames {
  readonly remoteId: string | null
  readonly secondaryId: string | null
}

export const namesKeys = (binding: string, { remoteId, secondaryId }: ItemNames): readonly KeyValue[] => [
  ...(remoteId === null ? [] : [{ key: idKey(binding), value: remoteId }]),
  ...(secondaryId === null ? [] : [{ key: secondaryKey(binding), value: secondaryId }]),
]
