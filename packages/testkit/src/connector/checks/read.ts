// Whole readings: each item once, in pages of any size, going on after a restart, never complete when something is missing.
import type { Change, Connector } from "@syncline/connector"
import { type Check, must, show } from "../check.ts"
import { snapshot, wire } from "../needs.ts"
import { canMake, make } from "../stand/items.ts"
import { same } from "../stand/paths.ts"
import { scan, severalPages, throughJson } from "../stand/scan.ts"
import type { Stand } from "../stand/stand.ts"
import { lag } from "../stand/lag.ts"

const idsOf = (changes: readonly Change[]): readonly string[] => changes.flatMap((change) => (change.kind === "upsert" ? [change.id] : []))

const once: Check = {
  name: "snapshot-each-once",
  area: "read",
  says: "a snapshot gives every item, each once, and ends complete",
  scope: "resource",
  needs: [snapshot],
  run: async (stand) => {
    const made = canMake(stand) ? await make(stand, 5) : []
    await lag(stand, "delta")
    const { limit } = await severalPages(stand)
    for (const size of [limit, stand.spec.read.pageSize]) {
      const { changes, last } = await scan(stand, stand.connector, "snapshot", null, { limit: size })
      must(last.complete, `the last page of a snapshot (pages of ${size}) is not complete`)
      const ids = idsOf(changes)
      const twice = ids.find((id, at) => ids.indexOf(id) !== at)
      must(twice === undefined, `a snapshot (pages of ${size}) gives ${twice} twice`)
      const missing = made.find(({ id }) => !ids.includes(id))
      must(missing === undefined, `a snapshot (pages of ${size}) lacks ${missing?.id}, which is there`)
    }
  },
}

const pageSizes: Check = {
  name: "page-size-means-nothing",
  area: "read",
  says: "small pages and large ones give the same items, in snapshots and deltas",
  scope: "resource",
  needs: [],
  run: async (stand) => {
    const { connector, spec } = stand
    const { limit } = await severalPages(stand)
    for (const mode of modes(stand)) {
      const large = await scan(stand, connector, mode, null, { limit: spec.read.pageSize })
      must(large.last.complete, `a ${mode} of a quiet system is not complete`)
      // As many as there are: a page that is just full is not yet known to be the last.
      const exact = large.changes.length
      for (const size of new Set([limit, limit + 1, ...(exact > limit && exact <= spec.read.pageSize ? [exact, exact - 1] : [])])) {
        const small = await scan(stand, connector, mode, null, { limit: size })
        compare(small.changes, large.changes, `a ${mode} in pages of ${size}`, `one in pages of ${spec.read.pageSize}`)
        must(small.last.complete, `a ${mode} of a quiet system, in pages of ${size}, is not complete`)
      }
    }
  },
}

export const modes = ({ spec }: Stand): readonly ("snapshot" | "delta")[] => [
  ...(spec.read.snapshot ? (["snapshot"] as const) : []),
  ...(spec.read.delta === undefined ? [] : (["delta"] as const)),
]

const compare = (one: readonly Change[], two: readonly Change[], oneName: string, twoName: string): void => {
  const left = lastById(one)
  const right = lastById(two)
  for (const id of right.keys()) must(left.has(id), `${oneName} lacks ${id}, which ${twoName} has`)
  for (const id of left.keys()) must(right.has(id), `${twoName} lacks ${id}, which ${oneName} has`)
  for (const [id, change] of left) {
    const other = right.get(id)
    if (change.kind === "upsert" && other?.kind === "upsert")
      must(
        same(change.item, other.item),
        () => `${oneName} shows ${id} otherwise than ${twoName}: ${show(change.item)} and ${show(other.item)}`,
      )
    else must(change.kind === other?.kind, () => `${oneName} says ${change.kind} of ${id}, ${twoName} ${other?.kind}`)
  }
}

const lastById = (changes: readonly Change[]): ReadonlyMap<string, Change> => new Map(changes.map((change) => [change.id, change]))

const json: Check = {
  name: "cursor-is-json",
  area: "read",
  says: "every cursor is plain JSON and comes back from a store as it was",
  scope: "resource",
  needs: [],
  run: async (stand) => {
    const { limit } = await severalPages(stand)
    for (const mode of modes(stand)) {
      const { pages } = await scan(stand, stand.connector, mode, null, { limit })
      for (const page of pages) {
        const kept = throughJson(page.next)
        must(
          plainEqual(page.next, kept),
          () => `a cursor of a ${mode} does not survive JSON: ${describeValue(page.next)} becomes ${show(kept)}`,
        )
      }
    }
  },
}

/** Stricter than equality by meaning: a class, a date, an undefined member or a number that is none is not JSON. */
const plainEqual = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  const proto: unknown = Object.getPrototypeOf(a)
  if (!Array.isArray(a) && proto !== Object.prototype && proto !== null) return false
  const left = new Map<string, unknown>(Object.entries(a))
  const right = new Map<string, unknown>(Object.entries(b))
  // An undefined member is lost without harm.
  for (const [key, value] of left) if (value !== undefined && !plainEqual(value, right.get(key))) return false
  return [...right.keys()].every((key) => left.has(key))
}

const describeValue = (value: unknown): string =>
  typeof value === "object" && value !== null ? `${value.constructor?.name ?? "object"} ${show(value)}` : typeof value

const restart: Check = {
  name: "restart-between-pages",
  area: "read",
  says: "a scan that is stopped after any page goes on in another process and loses nothing",
  scope: "resource",
  needs: [],
  run: async (stand) => {
    const { limit } = await severalPages(stand)
    for (const mode of modes(stand)) {
      const whole = await scan(stand, stand.connector, mode, null, { limit })
      const stopped = await scan(stand, stand.connector, mode, null, {
        limit,
        between: async (_page, at): Promise<Connector | void> => (at < 3 ? stand.open() : undefined),
      })
      compare(stopped.changes, whole.changes, `a ${mode} that goes on in another process`, "an undisturbed one")
      must(stopped.last.complete, `a ${mode} that goes on in another process never becomes complete`)
    }
  },
}

const replay: Check = {
  name: "replay-is-harmless",
  area: "read",
  says: "a page that is asked for again is the same page",
  scope: "resource",
  needs: [],
  run: async (stand) => {
    const { connector, resource } = stand
    const { limit } = await severalPages(stand)
    for (const mode of modes(stand)) {
      const first = await connector.pull(resource, { mode, cursor: null, limit })
      const cursor = throughJson(first.next)
      if (!first.more) continue
      const second = await connector.pull(resource, { mode, cursor, limit })
      const replayed = await connector.pull(resource, { mode, cursor, limit })
      compare(replayed.changes, second.changes, "a page that was asked for again", "the first time")
      must(replayed.more === second.more, "a page says that more follows, and asked again the opposite")
      const begun = await connector.pull(resource, { mode, cursor: null, limit })
      compare(begun.changes, first.changes, "a scan that was begun anew", "the first one")
    }
  },
}

const sideBySide: Check = {
  name: "scans-side-by-side",
  area: "read",
  says: "scans that are read side by side, through one connector, do not disturb each other",
  scope: "resource",
  needs: [],
  run: async (stand) => {
    const { connector, spec } = stand
    const { limit } = await severalPages(stand)
    for (const mode of modes(stand)) {
      const alone = await scan(stand, connector, mode, null, { limit: spec.read.pageSize })
      const one = await scan(stand, connector, mode, null, {
        limit,
        between: async (_page, at) => {
          // Another one that is begun and left, and one that goes to its end.
          if (at === 0) await connector.pull(stand.resource, { mode, cursor: null, limit: limit + 2 })
          if (at === 1) await scan(stand, connector, mode, null, { limit: limit + 1 })
        },
      })
      compare(one.changes, alone.changes, `a ${mode} with others in between`, "one by itself")
      must(one.last.complete, `a ${mode} with others in between is not complete`)
      const twice = mode === "snapshot" ? idsOf(one.changes).find((id, at, ids) => ids.indexOf(id) !== at) : undefined
      must(twice === undefined, `a snapshot with others in between gives ${twice} twice`)
    }
  },
}

const readsOnly: Check = {
  name: "reading-writes-nothing",
  area: "read",
  says: "check, pull and lookup send nothing that could change something, and say so of searches by POST",
  scope: "resource",
  needs: [wire],
  run: async (stand) => {
    const { wire: line, spec, resource } = stand
    const connector = await stand.open()
    const before = line.log.length
    await connector.check()
    for (const mode of modes(stand)) await connector.pull(resource, { mode, cursor: null, limit: 5 })
    for (const by of spec.read.lookup?.by ?? []) await connector.lookup(resource, by, ["no-such-value"]).catch(() => [])
    const write = line.log.slice(before).find(({ asked }) => asked.purpose === "write")
    must(write === undefined, () => `reading sends ${write?.asked.method} ${write?.asked.path} as something that may change the system`)
  },
}

export const readChecks: readonly Check[] = [once, pageSizes, json, restart, replay, sideBySide, readsOnly]
