// `pnpm fuzz [--target pipelines|expressions|answers] [--runs 10000] [--seed 1] [--seconds 600]`.
// `pnpm fuzz --replay TARGET:SEED:CASE`: one case again. Ends with 1 where something was found.
import { Option } from "commander"
import { count, tool } from "@syncline/testkit/tool"
import { fuzz, sayFinding, TARGETS } from "./fuzz.ts"

const values = tool("pnpm fuzz", "Throws random pipelines, expressions and answers at the real parts.")
  .addOption(new Option("--target <names...>", "only these").choices(Object.keys(TARGETS)).default(Object.keys(TARGETS)))
  .option("--runs <n>", "so many cases of each", count, 10_000)
  .option("--seed <n>", "what is drawn", count, 1)
  .option("--seconds <n>", "stop after so long", count)
  .option("--replay <target:seed:case>", "one case again")
  .parse()
  .opts<{ target: readonly string[]; runs: number; seed: number; seconds?: number; replay?: string }>()

const stray = (error: unknown): void => {
  console.error("something went wrong beside any case:", error)
  process.exitCode = 1
}
process.on("unhandledRejection", stray)

async function once(name: string, runs: number, seed: number, from: number): Promise<void> {
  const began = process.hrtime.bigint()
  const seconds = (): number => Number(process.hrtime.bigint() - began) / 1e9
  const isOver = (): boolean => values.seconds !== undefined && seconds() >= values.seconds
  const { cases, findings } = await fuzz(name, { runs, seed, from, isOver }, (finding) => console.log(sayFinding(finding)))
  const heapMiB = Math.round(process.memoryUsage().heapUsed / 2 ** 20)
  console.log(`${name}: ${cases} cases of seed ${seed}, ${findings.length} findings, ${seconds().toFixed(1)} s, heap ${heapMiB} MiB`)
  if (findings.length > 0) process.exitCode = 1
}

const [name, seed, at] = values.replay?.split(":") ?? []
if (name !== undefined) await once(name, 1, Number(seed ?? 1), Number(at ?? 0))
else for (const target of values.target) await once(target, values.runs, values.seed, 0)
