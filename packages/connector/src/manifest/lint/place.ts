// Where in the file a part of the manifest stands, by the keys that lead to it.
import { entryOf, type Node, type Span } from "../../language/index.ts"

/** The key at the end of the way, or the last one on it that is there. */
export type Find = (...keys: readonly string[]) => Span

export const finder =
  (root: Node): Find =>
  (...keys) => {
    let at = root.at
    let here: Node | undefined = root
    for (const key of keys) {
      const entry = entryOf(here, key)
      if (entry === undefined) break
      at = entry.keyAt
      here = entry.value
    }
    return at
  }
