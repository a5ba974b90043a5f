// Which pipeline is meant. Enters what was typed, leaves a file that exists and how to name it in hints.
import { existsSync, statSync } from "node:fs"
import { join, resolve } from "node:path"
import { usage } from "../failure.ts"
import { shellWord } from "../render/shell-word.ts"
import type { Screen } from "../screen/screen.ts"
import { MAX_FILE_BYTES } from "./reader.ts"

export interface Located {
  /** Absolute. */
  readonly path: string
  /** As typed; for hints that can be copied. */
  readonly shown: string
}

const DEFAULTS = ["pipeline.yaml", "pipeline.yml"]

export function locate(screen: Screen, typed: string | undefined): Located {
  if (typed === undefined) {
    const found = DEFAULTS.find((name) => existsSync(resolve(screen.shell.cwd, name)))
    if (found === undefined) throw usage("There is no pipeline.yaml in this folder.", "Name the file, or write a starter: syncline init")
    return known({ path: resolve(screen.shell.cwd, found), shown: found })
  }
  const path = resolve(screen.shell.cwd, typed)
  if (!existsSync(path)) throw usage(`There is no file ${typed}.`, "A starter is written by: syncline init")
  if (!statSync(path).isDirectory()) return known({ path, shown: shellWord(typed) })
  const inside = DEFAULTS.find((name) => existsSync(join(path, name)))
  if (inside === undefined)
    throw usage(`The folder ${typed} holds no pipeline.yaml.`, `A starter is written by: syncline init ${shellWord(typed)}`)
  return known({ path: join(path, inside), shown: shellWord(join(typed, inside)) })
}

/** A device or a pipe may never end, and no pipeline is as large as a database that was named by mistake. */
function known(located: Located): Located {
  const about = statSync(located.path)
  if (!about.isFile()) throw usage(`${located.shown} is not a file.`)
  if (about.size > MAX_FILE_BYTES) throw usage(`${located.shown} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB: no pipeline is.`)
  return located
}

/** `[FILE] REST…`: the first argument is the file if it looks like one or the default is not there. */
export function locateFirst(screen: Screen, args: readonly string[]): { readonly located: Located; readonly rest: readonly string[] } {
  const [first, ...rest] = args
  if (first !== undefined && /\.ya?ml$/i.test(first)) return { located: locate(screen, first), rest }
  if (first !== undefined && rest.length > 0 && existsSync(resolve(screen.shell.cwd, first)))
    return { located: locate(screen, first), rest }
  return { located: locate(screen, undefined), rest: args }
}
