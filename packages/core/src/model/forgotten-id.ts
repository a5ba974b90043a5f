// By what an item is known again that was forgotten and has no match key that can be read. Pure.

/** Stands for the name of a match key; the value is the remote id. */
export const idKey = (binding: string): string => `id in ${binding}`
