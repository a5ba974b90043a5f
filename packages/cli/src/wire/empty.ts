// A store for commands that need none of their own: empty, in memory, gone at the end.
import type { Store } from "@syncline/core"
import { perform } from "./effect.ts"

export async function memoryStore(): Promise<Store> {
  const { openSqliteStore } = await import("@syncline/store")
  return perform(openSqliteStore({ path: ":memory:" }))
}
