// `pnpm sim:mutants [--seeds 150] [--only TEXT]`: plants each bug in turn and plays seeds until the oracle sees it.
// Prints which invariant caught it and how many seeds that took; a bug that survives is a gap in oracle or workload.
import { spawn } from "node:child_process"
import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { MUTANTS, type Mutant } from "./mutants.ts"

const { values } = parseArgs({
  options: { seeds: { type: "string", default: "150" }, only: { type: "string", default: "" }, jobs: { type: "string" } },
})
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

interface Result {
  readonly mutant: Mutant
  /** null: it survived. */
  readonly caught: { readonly seeds: number; readonly invariant: string } | null
  readonly trouble: string | null
}

const play = (mutant: Mutant): Promise<Result> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ["--import", here("plant.ts"), here("../main.ts"), "--seeds", values.seeds, "--first"], {
      env: { ...process.env, MUTANT: mutant.name },
    })
    let out = ""
    let errors = ""
    child.stdout.on("data", (text: Buffer) => (out += text.toString()))
    child.stderr.on("data", (text: Buffer) => (errors += text.toString()))
    child.on("close", (code) => {
      const found = /^seed (?<seed>\d+): (?<invariant>\w+):/m.exec(out)?.groups
      const caught = found === undefined ? null : { seeds: Number(found["seed"]), invariant: found["invariant"] ?? "" }
      const failed = caught === null && code !== 0
      resolve({ mutant, caught, trouble: failed ? (errors.split("\n").find((line) => line.includes("Error")) ?? `exit ${code}`) : null })
    })
  })

const queue = MUTANTS.filter((mutant) => mutant.name.includes(values.only))
const results: Result[] = []
const worker = async (): Promise<void> => {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const result = await play(mutant)
    results.push(result)
    const verdict =
      result.trouble !== null
        ? `cannot be played: ${result.trouble}`
        : result.caught === null
          ? "SURVIVED"
          : `${result.caught.invariant}, seed ${result.caught.seeds}`
    console.log(`${mutant.breaks.padEnd(4)} ${mutant.name.padEnd(58)} ${verdict}`)
  }
}
await Promise.all(Array.from({ length: values.jobs === undefined ? availableParallelism() : Number(values.jobs) }, worker))
const caught = results.filter((result) => result.caught !== null).length
console.log(`${caught} of ${results.length} planted bugs caught, within ${values.seeds} seeds each`)
process.exitCode = caught === results.length ? 0 : 1
