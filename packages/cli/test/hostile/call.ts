// A command called in this very process, with everything it says caught: quick enough for a hundred of them.
import { Readable, Writable } from "node:stream"
import { main } from "../../src/main.ts"
import type { Ended } from "../child.ts"

export async function call(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  interrupt?: { readonly afterMs: number },
): Promise<Ended> {
  let out = ""
  let err = ""
  const catching = (hear: (text: string) => void): Writable =>
    new Writable({
      write: (bytes: Buffer, _encoding, done) => {
        hear(bytes.toString())
        done()
      },
    })
  const stdout = catching((text) => (out += text))
  const stderr = catching((text) => (err += text))
  const code = await main(args, {
    env,
    cwd,
    stdin: Readable.from([]),
    stdout,
    stderr,
    interactive: false,
    live: false,
    color: false,
    width: 100,
    now: Date.now,
    onInterrupt: (listener) => {
      const timer = interrupt === undefined ? undefined : setTimeout(listener, interrupt.afterMs)
      return () => clearTimeout(timer)
    },
  })
  return { code, out, err }
}
