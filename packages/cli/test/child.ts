// The real command as a child process: what it prints, how it ends, and a folder of its own to run in.
import { spawn, type ChildProcess } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { onTestFinished } from "vitest"

export const BIN = fileURLToPath(new URL("../bin/syncline.mjs", import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Child {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves with the output so far as soon as it matches. */
  readonly says: (pattern: RegExp) => Promise<string>
}

/** Only what the machine needs to run a process: no colour, no CI flag, nobody's credentials. */
export const bareEnv = (extra: Readonly<Record<string, string>>): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  HOME: tmpdir(),
  USER: "ada",
  ...extra,
})

export function start(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Child {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: bareEnv(options.env ?? {}),
    stdio: ["ignore", "pipe", "pipe"],
  })
  let out = ""
  let err = ""
  const waiting = new Set<() => void>()
  const heard = (): void => {
    for (const each of waiting) each()
  }
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text
    heard()
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text
    heard()
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, out, err }))
  })
  const says = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(out + err)) return
        waiting.delete(look)
        resolve(out + err)
      }
      waiting.add(look)
      look()
      void ended.then(() => {
        if (waiting.delete(look)) reject(new Error(`ended without saying ${pattern}:\n${out}${err}`))
      })
    })
  return { process: child, ended, says }
}

export const cli = (args: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ended> => start(args, options).ended

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "syncline-cli-"))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}
