// The store of a pipeline: where it is, and opening it for writing, or for looking only, which never makes a file.
import { existsSync, readdirSync } from "node:fs"
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path"
import type { Store } from "@syncline/core"
import { usage } from "../failure.ts"
import type { Screen } from "../screen/screen.ts"
import { perform } from "./effect.ts"
import { foreseeing, noticing } from "./incarnation.ts"
import type { Located } from "./locate.ts"
import { inheriting } from "./owner.ts"

export function storePath(screen: Screen, located: Located, name: string, option: string | undefined): string {
  if (option === undefined) return join(dirname(located.path), ".syncline", `${name}.db`)
  const [, path] = /^sqlite:(.+)$/.exec(option) ?? []
  if (path === undefined)
    throw usage(`--store ${option} is not understood.`, "Write it as sqlite:PATH, for example --store sqlite:./state.db")
  return resolve(screen.shell.cwd, path.replace(/^\/\//, ""))
}

/** Files that a restore put aside; they hold what the store held then. */
export const replacedFiles = (path: string): readonly string[] =>
  readdirSync(dirname(path))
    .filter((name) => name.startsWith(`${basename(path)}.replaced-`) && !/-(?:wal|shm)$/.test(name))
    .map((name) => join(dirname(path), name))

/** As short as it can be said from here. */
export function showPath(screen: Screen, path: string): string {
  const from = relative(screen.shell.cwd, path)
  return from.startsWith("..") || isAbsolute(from) ? path : from === "" ? "." : from
}

/** The lease of a process that died on this machine is not waited for, and an older file than the last is noticed. */
export const openForWriting = async (path: string): Promise<Store> => noticing(inheriting(await open({ path })), path)

/** For writing, and nothing is noticed or remembered. */
export const openAsItIs = async (path: string): Promise<Store> => inheriting(await open({ path }))

/** As it is now, without leaving a trace. null: nothing was ever stored. */
export const openForLooking = (path: string): Promise<Store | null> =>
  existsSync(path) ? open({ path, readOnly: true }) : Promise.resolve(null)

/** As it is now, and empty where nothing was ever stored: what a first run would start from. */
export const openForPlanning = async (path: string): Promise<Store> => foreseeing(await open({ path, readOnly: true }), path, Date.now)

async function open(options: { readonly path: string; readonly readOnly?: boolean }): Promise<Store> {
  const { openSqliteStore } = await import("@syncline/store")
  return perform(openSqliteStore(options))
}
