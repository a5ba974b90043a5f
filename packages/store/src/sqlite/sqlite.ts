// The engine as we see it: types of better-sqlite3, and its constructor loaded only when a store is opened, because an
// older Node crashes on loading it and because commands that need no store should start fast.
import { StoreError } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import type BetterSqlite3 from "better-sqlite3"

export type Sqlite = BetterSqlite3.Database
export type Constructor = typeof BetterSqlite3

/** The first Node that this version of better-sqlite3 runs on. */
const OLDEST_NODE: readonly [major: number, minor: number] = [22, 14]

export const loadSqlite: Effect.Effect<Constructor, StoreError> = Effect.suspend(() => {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    const message = `The store needs Node ${OLDEST_NODE.join(".")} or newer, and this is Node ${process.versions.node}. Install a newer Node and run again.`
    return Effect.fail(new StoreError({ reason: "unavailable", message }))
  }
  return Effect.tryPromise({
    try: async () => (await import("better-sqlite3")).default,
    catch: (cause) =>
      new StoreError({ reason: "unavailable", message: "SQLite could not be loaded on this machine. Install the packages again.", cause }),
  })
})
