// Runs the command line as a user does: a process of its own, with arguments, an environment and a folder.
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

export interface Finished {
  readonly argv: readonly string[]
  /** null: ended by a signal. */
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
  readonly ms: number
}

export interface Surroundings {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** `syncline.mjs` of the command line. */
  readonly bin: string
}

/** No command of a story takes that long; one that does hangs. */
const LONGEST_MS = 180_000

export const BIN = fileURLToPath(new URL("../../../cli/bin/syncline.mjs", import.meta.url))

/** What a process needs of the machine, and nothing that would colour the story. */
export const plainEnv = (): Record<string, string> => {
  const kept = ["PATH", "TMPDIR", "TEMP", "SYSTEMROOT"].flatMap((name): [string, string][] => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return { ...Object.fromEntries(kept), CI: "1", NO_COLOR: "1", COLUMNS: "120" }
}

export const startCommand = (argv: readonly string[], { cwd, env, bin }: Surroundings) =>
  spawn(process.execPath, [bin, ...argv], { cwd, env, stdio: ["ignore", "pipe", "pipe"] })

export const runCommand = async (argv: readonly string[], surroundings: Surroundings): Promise<Finished> => {
  const started = performance.now()
  const child = startCommand(argv, surroundings)
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk))
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk))
  const deadline = setTimeout(() => child.kill("SIGKILL"), LONGEST_MS)
  try {
    const exit = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject)
      child.once("close", resolve)
    })
    const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString("utf8")
    return { argv, exit, stdout: text(out), stderr: text(err), ms: performance.now() - started }
  } finally {
    clearTimeout(deadline)
  }
}
