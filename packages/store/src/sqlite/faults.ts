// What SQLite and the file system complain about, as a StoreError that says what to do.
// Anything that is neither (a broken constraint, a programming error) stays a defect and dies with its facts.
import { StoreError } from "@syncline/core/store"
import * as Effect from "effect/Effect"

type Told = { readonly reason: StoreError["reason"]; readonly message: string }

const told = (code: string, path: string): Told | null => {
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return { reason: "locked", message: `${path} is in use by another process that does not let go. Try again when it is done.` }
  }
  if (code.startsWith("SQLITE_CORRUPT")) {
    return { reason: "corrupt", message: `${path} is damaged. Restore it from a backup; what it held cannot be trusted.` }
  }
  if (code === "SQLITE_NOTADB") {
    return { reason: "corrupt", message: `${path} is not a Syncline store. Check the path, or move the file away to start anew.` }
  }
  if (code.startsWith("SQLITE_FULL") || code === "ENOSPC" || code === "EDQUOT") {
    return { reason: "full", message: `There is no space left for ${path}. Free some and run again; nothing stored so far is lost.` }
  }
  if (code.startsWith("SQLITE_READONLY") || code === "EROFS" || code === "EACCES" || code === "EPERM") {
    return { reason: "unavailable", message: `${path} cannot be written. Check the permissions of the file and its directory.` }
  }
  if (code.startsWith("SQLITE_CANTOPEN") || code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR" || code === "EEXIST") {
    return { reason: "unavailable", message: `${path} cannot be opened. Check that it names a file in a directory you may write to.` }
  }
  if (code.startsWith("SQLITE_IOERR") || code === "EIO") {
    return { reason: "unavailable", message: `The disk failed on ${path}. Check the disk, then run again.` }
  }
  return null
}

export function storeError(cause: unknown, path: string): StoreError | null {
  if (cause instanceof StoreError) return cause
  if (!(cause instanceof Error) || !("code" in cause) || typeof cause.code !== "string") return null
  const fault = told(cause.code, path)
  return fault === null ? null : new StoreError({ ...fault, cause })
}

/** Runs synchronous work on the store: its faults become the error channel, everything else dies. */
export const guarded = <A>(path: string, work: () => A): Effect.Effect<A, StoreError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(work())
    } catch (cause) {
      const fault = storeError(cause, path)
      return fault === null ? Effect.die(cause) : Effect.fail(fault)
    }
  })
