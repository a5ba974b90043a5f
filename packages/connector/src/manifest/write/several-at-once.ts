// Work on many things, a few at a time. Leaves the results in the order of the things; rejects with the first rejection.

/** The client's own limits come on top. */
const AT_ONCE = 4

export const severalAtOnce = async <A, B>(things: readonly A[], work: (thing: A) => Promise<B>): Promise<B[]> => {
  const results: B[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let at = next++; at < things.length; at = next++) {
      const thing = things[at]
      // Within bounds; a list may hold `undefined` as one of its things.
      if (thing !== undefined) results[at] = await work(thing)
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, things.length) }, worker))
  return results
}
