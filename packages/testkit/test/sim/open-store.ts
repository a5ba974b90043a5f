// The store under simulation: real SQLite, in memory.
import * as Effect from "effect/Effect"
import { createMemoryStore } from "@syncline/core/store"
import { openSqliteStore } from "@syncline/store"
import type { OpenStore } from "../../src/sim/index.ts"

export const openSqlite: OpenStore = () => Effect.runPromise(openSqliteStore({ path: ":memory:" }))
export const openReference: OpenStore = () => Promise.resolve(createMemoryStore())
