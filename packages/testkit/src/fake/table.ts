// Rows of one kind by id, with times, a change sequence, the deleted ones, and as much of the past as a lagging reader needs.
// Values are replaced, never changed in place: what was read once stays as it was.
import type { Clock } from "./clock.ts"

export interface Row<Item> {
  readonly id: string
  /** As it is; the last state for a deleted one. */
  readonly item: Item
  /** Grows with every write to the table; no two writes have the same. */
  readonly seq: number
  /** Epoch ms. */
  readonly createdAt: number
  readonly updatedAt: number
  /** null: it is there. */
  readonly deletedAt: number | null
}

export interface Table<Item> {
  /** The row if it is there, a deleted one only with `deleted`. */
  get(id: string, which?: "present" | "deleted" | "any"): Row<Item> | undefined
  /** Creates or replaces; `at` is now unless told. A deleted row of that id comes back. */
  put(id: string, item: Item, at?: number): Row<Item>
  /** Marks as deleted; it stays to be listed as such. */
  remove(id: string, at?: number): Row<Item> | undefined
  /** Forgets it entirely. */
  erase(id: string): void
  /** Those that are there, in the order in which they were created. */
  all(): readonly Row<Item>[]
  deleted(): readonly Row<Item>[]
  /** Everything written after `seq`, deleted ones included, in the order of writing. */
  since(seq: number): readonly Row<Item>[]
  /** Those that were there `lagMs` ago, as they were then: what an index shows that is behind. */
  asSeen(lagMs: number): readonly Row<Item>[]
  /** Sequence of the latest write. */
  seq(): number
}

/** How far back a lagging reader may look. */
const PAST_MS = 30 * 60_000

export const createTable = <Item>({ clock }: { readonly clock: Clock }): Table<Item> => {
  const rows = new Map<string, Row<Item>>()
  /** Earlier states of an id, oldest first; each was true until the next one's `from`. */
  const past = new Map<string, { readonly from: number; readonly row: Row<Item> | null }[]>()
  let seq = 0

  const keep = (id: string, row: Row<Item> | null, from: number): void => {
    const now = clock.now()
    const states = past.get(id) ?? []
    states.push({ from: Math.min(from, now), row })
    while ((states[1]?.from ?? Number.POSITIVE_INFINITY) < now - PAST_MS) states.shift()
    past.set(id, states)
  }
  const write = (row: Omit<Row<Item>, "seq">): Row<Item> => {
    seq += 1
    const written = { ...row, seq }
    rows.set(row.id, written)
    keep(row.id, written, row.deletedAt ?? row.updatedAt)
    return written
  }
  const present = (): Row<Item>[] => [...rows.values()].filter(({ deletedAt }) => deletedAt === null)

  return {
    get(id, which = "present") {
      const row = rows.get(id)
      if (row === undefined || which === "any") return row
      return (row.deletedAt === null) === (which === "present") ? row : undefined
    },
    put(id, item, at = clock.now()) {
      return write({ id, item, createdAt: rows.get(id)?.createdAt ?? at, updatedAt: at, deletedAt: null })
    },
    remove(id, at = clock.now()) {
      const row = rows.get(id)
      return row === undefined || row.deletedAt !== null ? row : write({ ...row, deletedAt: at })
    },
    erase(id) {
      if (!rows.delete(id)) return
      seq += 1
      keep(id, null, clock.now())
    },
    all: present,
    deleted: () => [...rows.values()].filter(({ deletedAt }) => deletedAt !== null),
    since: (after) => [...rows.values()].filter((row) => row.seq > after).toSorted((a, b) => a.seq - b.seq),
    asSeen(lagMs) {
      if (lagMs <= 0) return present()
      const then = clock.now() - lagMs
      return [...past.values()].flatMap((states) => {
        const row = states.findLast(({ from }) => from <= then)?.row
        return row === undefined || row === null || row.deletedAt !== null ? [] : [row]
      })
    },
    seq: () => seq,
  }
}
