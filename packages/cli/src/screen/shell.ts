// Everything a command may touch of the process around it, so that the demo and tests can run commands with their own.
import type { Readable, Writable } from "node:stream"

export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  /** A person sits there and can be asked. */
  readonly interactive: boolean
  /** Lines may be overwritten on stderr: a progress bar makes sense. */
  readonly live: boolean
  readonly color: boolean
  /** Columns of the terminal; 100 where there is none. */
  readonly width: number
  readonly now: () => number
  /** Fires at Ctrl-C; until then null. Registers for as long as the returned function is not called. */
  readonly onInterrupt: (listener: () => void) => () => void
}

const WIDTH_WITHOUT_TERMINAL = 100
const NARROWEST = 40
const WIDEST = 160

/** As a script of the workspace it runs in the workspace's folder; paths are meant from where the person stood. */
const whereTyped = (env: NodeJS.ProcessEnv): string =>
  (env["npm_lifecycle_event"] === "syncline" ? env["INIT_CWD"] : undefined) ?? process.cwd()

export function processShell(): Shell {
  const { env, stdin, stdout, stderr } = process
  const ci = env["CI"] !== undefined && env["CI"] !== "" && env["CI"] !== "false"
  const plain = (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") || env["TERM"] === "dumb"
  const forced = env["FORCE_COLOR"] !== undefined && env["FORCE_COLOR"] !== "" && env["FORCE_COLOR"] !== "0"
  const columns = Number(env["COLUMNS"] ?? stdout.columns ?? stderr.columns ?? WIDTH_WITHOUT_TERMINAL)
  // A reader that goes away (`| head`) is no error.
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(process.exitCode ?? 0)
    })
  }
  return {
    env,
    cwd: whereTyped(env),
    stdin,
    stdout,
    stderr,
    interactive: stdin.isTTY === true && stdout.isTTY === true && !ci,
    live: stderr.isTTY === true && !ci && env["TERM"] !== "dumb",
    color: !plain && (forced || (stdout.isTTY === true && !ci)),
    width: Math.max(NARROWEST, Math.min(WIDEST, Number.isFinite(columns) && columns > 0 ? columns : WIDTH_WITHOUT_TERMINAL)),
    now: Date.now,
    onInterrupt: (listener) => {
      process.on("SIGINT", listener)
      process.on("SIGTERM", listener)
      return () => {
        process.off("SIGINT", listener)
        process.off("SIGTERM", listener)
      }
    },
  }
}
