// `backup`: the store as it is at this moment, as one file; a run may be under way.
import { resolve } from "node:path"
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import { showCount } from "../render/count.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "../wire/effect.ts"
import { locate } from "../wire/locate.ts"
import { readOutline } from "../wire/outline.ts"
import { existsSync } from "node:fs"
import { showPath, storePath } from "../wire/store.ts"

export interface BackupOptions {
  readonly store?: string
  readonly out?: string
}

export async function backup(screen: Screen, file: string | undefined, options: BackupOptions): Promise<ExitCode> {
  const located = locate(screen, file)
  if (options.out === undefined) throw usage("Where to? Name the file.", `syncline backup ${located.shown} --out store.backup`)
  const path = storePath(screen, located, readOutline(located).name, options.store)
  if (!existsSync(path)) throw usage(`There is no store at ${showPath(screen, path)}: nothing to back up.`, `syncline run ${located.shown}`)
  const out = resolve(screen.shell.cwd, options.out)
  if (existsSync(out)) throw usage(`${showPath(screen, out)} is there already: a backup replaces nothing.`, "Name another file with --out.")
  const { backupSqliteStore } = await import("@syncline/store")
  const { bytes } = await perform(backupSqliteStore({ path, out }))
  screen.out(`${screen.paint.green("✓")} ${showPath(screen, out)}: the store as it is now, ${showCount(Math.ceil(bytes / 1024))} KiB.`)
  screen.out(screen.paint.dim(`Put it back: syncline restore ${located.shown} --from ${showPath(screen, out)}`))
  screen.answer("backup", { store: path, out, bytes })
  return EXIT.done
}
