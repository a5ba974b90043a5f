// `restore`: puts a backup in the store's place. What was there stays beside it, and can no longer be written to by a
// process that still has it open; the next run reads every system in full before it writes.
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { LeaseHeld, StoreError } from "@syncline/core/store"
import type { ForgottenSince } from "@syncline/store"
import { EXIT, type ExitCode } from "../exit.ts"
import { CliFailure, usage } from "../failure.ts"
import { plural } from "../render/count.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { locate } from "../wire/locate.ts"
import { readOutline } from "../wire/outline.ts"
import { REPLACED } from "../wire/owner.ts"
import { openAsItIs, showPath, storePath } from "../wire/store.ts"

export interface RestoreOptions {
  readonly store?: string
  readonly from?: string
}

/** For good, as far as anybody who still has the old file open is concerned. */
const FOR_GOOD_MS = 100 * 365 * 24 * 3_600_000

export async function restore(screen: Screen, file: string | undefined, options: RestoreOptions): Promise<ExitCode> {
  const located = locate(screen, file)
  if (options.from === undefined) {
    const isPipeline = file === undefined || /\.ya?ml$/i.test(located.path)
    const meant = isPipeline ? `${located.shown} --from store.backup` : `--from ${located.shown}`
    throw usage("From which file?", `syncline restore ${meant}`)
  }
  const path = storePath(screen, located, readOutline(located).name, options.store)
  const from = resolve(screen.shell.cwd, options.from)
  if (!existsSync(from)) throw usage(`There is no file ${showPath(screen, from)}.`)
  if (from === path) throw usage("The store cannot be restored from itself.", "Name a backup with --from.")
  const now = screen.shell.now()
  const { stageRestore } = await import("@syncline/store")
  const staged = await perform(stageRestore({ path, from, restored: { at: now, how: "backup" } })).catch((error: unknown): never => {
    if (!(error instanceof StoreError) || error.reason !== "corrupt") throw error
    throw new CliFailure(
      EXIT.usage,
      `${showPath(screen, from)} is no backup that can be put back: it is damaged, or not a Syncline store.`,
      {
        hint: `Nothing was changed. One is made by: syncline backup ${located.shown} --out store.backup`,
        cause: error,
      },
    )
  })
  let put: { readonly kept: string | null; readonly forgotten: ForgottenSince }
  try {
    if (existsSync(path)) await shut(path, now)
    put = await perform(staged.put())
  } catch (error) {
    await perform(staged.discard())
    throw error
  }
  const { paint } = screen
  const { kept, forgotten } = put
  screen.out(`${paint.green("✓")} ${showPath(screen, path)} is restored from ${showPath(screen, from)}.`)
  if (kept !== null) screen.out(`  What was there is kept: ${showPath(screen, kept)}`)
  if (forgotten.erased > 0)
    screen.out(
      `  People who were forgotten since that backup were in it: ${plural(forgotten.erased, "record or item", "records or items")} erased again.`,
    )
  if (forgotten.unknown)
    screen.out(
      `  ${paint.yellow("!")} The store that was there cannot be read: whoever was forgotten since that backup is in it again. Forget them again: syncline forget ${located.shown} KEY`,
    )
  screen.out(
    `  The next run reads every system in full before it writes anything. ${paint.dim(`See what it would do: syncline plan ${located.shown}`)}`,
  )
  screen.answer("restore", { store: path, from, kept, forgotten })
  return EXIT.done
}

/** Takes the lease of the old file for good; refused while a process holds it that is alive, as far as can be told. */
async function shut(path: string, now: number): Promise<void> {
  try {
    const store = await openAsItIs(path)
    try {
      await perform(store.acquire(REPLACED, now, FOR_GOOD_MS))
    } finally {
      await perform(store.close())
    }
  } catch (error) {
    // an earlier restore was interrupted after this
    if (error instanceof LeaseHeld && error.owner === REPLACED) return
    // a file that is damaged, or none of ours: nobody can go on with it
    if (isUnusable(error)) return
    throw error
  }
}

const isUnusable = (error: unknown): boolean => error instanceof StoreError && (error.reason === "corrupt" || error.reason === "version")
