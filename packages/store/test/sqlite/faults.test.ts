// Each complaint of SQLite or the file system becomes a reason and a sentence that names the file and says what to do.
import type { StoreError } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { guarded } from "../../src/sqlite/faults.ts"

const thrown = (code: string) => (): never => {
  throw Object.assign(new Error("as SQLite says it"), { code })
}

const CASES: readonly (readonly [code: string, reason: StoreError["reason"], advice: string])[] = [
  ["SQLITE_BUSY", "locked", "Try again"],
  ["SQLITE_BUSY_SNAPSHOT", "locked", "Try again"],
  ["SQLITE_CORRUPT_INDEX", "corrupt", "Restore it from a backup"],
  ["SQLITE_NOTADB", "corrupt", "Check the path"],
  ["SQLITE_FULL", "full", "Free some"],
  ["ENOSPC", "full", "Free some"],
  ["SQLITE_READONLY_DIRECTORY", "unavailable", "Check the permissions"],
  ["EACCES", "unavailable", "Check the permissions"],
  ["EROFS", "unavailable", "Check the permissions"],
  ["SQLITE_CANTOPEN", "unavailable", "Check that it names a file"],
  ["SQLITE_IOERR_FSYNC", "unavailable", "Check the disk"],
]

test.each(CASES)("%s is reported as %s", async (code, reason, advice) => {
  const error = await Effect.runPromise(Effect.flip(guarded("/data/store.db", thrown(code))))
  expect(error).toMatchObject({ reason, message: expect.stringContaining(advice) })
  expect(error.message).toContain("/data/store.db")
})

test("a broken constraint is a defect", async () => {
  const outcome = Effect.catchDefect(guarded("/data/store.db", thrown("SQLITE_CONSTRAINT_UNIQUE")), () => Effect.succeed("died"))
  expect(await Effect.runPromise(outcome)).toBe("died")
})
