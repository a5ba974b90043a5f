// A fake as a process: `node connectors/acme/fake/main.ts --port 4030 --seed FILE`. Says where it is, and ends by Ctrl-C.
import { readFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import type { Fake } from "./define-fake.ts"

const optionsOf = async (argv: readonly string[]) => {
  const { values } = parseArgs({ args: [...argv], options: { port: { type: "string" }, seed: { type: "string" } } })
  const port = Number(values.port ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${values.port ?? ""} is no port`)
  return { port, ...(values.seed === undefined ? {} : { seed: JSON.parse(await readFile(values.seed, "utf8")) }) }
}

export const serveFake = async <World>(fake: Fake<World>, argv: readonly string[] = process.argv.slice(2)): Promise<void> => {
  try {
    const running = await fake.start(await optionsOf(argv))
    process.stdout.write(`${fake.title} at ${running.url}\n`)
    for (const [name, value] of Object.entries(fake.credentials)) process.stdout.write(`  ${name.padEnd(13)} ${value}\n`)
    const stop = () => void running.close()
    process.once("SIGINT", stop)
    process.once("SIGTERM", stop)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
