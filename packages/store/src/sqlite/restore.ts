// Puts a backup in the place of a store. The copy is checked, marked and complete before the old file is touched; the old
// file stays beside it, with its log. Whoever calls this has made sure that nobody writes to the old file any more.
import { RESTORED, markOf } from "@syncline/core/store"
import type { LeaseHeld, Restored, StaleLease, Store, StoreError } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { copyTo, partOf, syncDirectory } from "./backup.ts"
import { guarded } from "./faults.ts"
import { carryForgotten, type ForgottenSince } from "./forgotten-since.ts"
import { openSqliteStore } from "./open.ts"
import { loadSqlite } from "./sqlite.ts"

export interface Staged {
  /** Puts it in place; where the old file went, or null where there was none, and what became of people it forgot. */
  readonly put: () => Effect.Effect<{ readonly kept: string | null; readonly forgotten: ForgottenSince }, StoreError>
  readonly discard: () => Effect.Effect<void, StoreError>
}

export interface RestoreOptions {
  readonly path: string
  readonly from: string
  readonly restored: Restored
}

/** Reads the backup and makes it ready beside the store, which is left as it is. */
export const stageRestore = ({ path, from, restored }: RestoreOptions): Effect.Effect<Staged, StoreError> =>
  Effect.gen(function* () {
    const sqlite = yield* loadSqlite
    const target = resolve(path)
    const part = partOf(target)
    const discard = (): Effect.Effect<void, StoreError> =>
      guarded(path, () => {
        for (const end of ENDS) rmSync(part + end, { force: true })
      })
    const prepared = Effect.gen(function* () {
      yield* guarded(from, () => copyTo(sqlite, from, part))
      const store = yield* openSqliteStore({ path: part })
      yield* mark(store, restored).pipe(Effect.ensuring(store.close().pipe(Effect.ignore)))
    })
    yield* prepared.pipe(Effect.onError(() => discard().pipe(Effect.ignore)))
    const put = () =>
      guarded(path, () => {
        // only now nobody forgets anybody in the old file any more
        const forgotten = carryForgotten(sqlite, target, part, restored.at)
        return { kept: putInPlace(part, target, restored.at), forgotten }
      })
    return { put, discard }
  })

const ENDS = ["", "-wal", "-shm"]

/** The lease that was held when the backup was made means nothing here. */
const mark = (store: Store, restored: Restored): Effect.Effect<void, StoreError> =>
  Effect.gen(function* () {
    const owner = "a restore"
    const lease = yield* store
      .acquire(owner, restored.at, 60_000)
      .pipe(
        Effect.catchTag("LeaseHeld", (held: LeaseHeld) =>
          Effect.flatMap(store.release({ owner: held.owner, epoch: held.epoch }), () => store.acquire(owner, restored.at, 60_000)),
        ),
      )
    yield* store.putSystemState(lease, RESTORED, markOf(restored))
    yield* store.release(lease)
  }).pipe(
    // nobody else knows the copy
    Effect.catchTag("LeaseHeld", (error) => Effect.die(error)),
    Effect.catchTag("StaleLease", (error: StaleLease) => Effect.die(error)),
  )

function putInPlace(part: string, target: string, at: number): string | null {
  const kept = existsSync(target) ? freeName(`${target}.replaced-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")}`) : null
  if (kept !== null) {
    // the old file keeps its name until the new one takes it in one step, so that there is a store at every moment
    keepBeside(target, kept)
    for (const end of ENDS.slice(1)) if (existsSync(target + end)) renameSync(target + end, kept + end)
  } else for (const end of ENDS.slice(1)) rmSync(target + end, { force: true })
  renameSync(part, target)
  syncDirectory(dirname(target))
  return kept
}

function keepBeside(target: string, kept: string): void {
  try {
    linkSync(target, kept)
  } catch {
    // a file system without links
    copyFileSync(target, kept)
  }
}

function freeName(wanted: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`
    if (!existsSync(name)) return name
  }
}
