// `pnpm sim:mutants [--seeds 400] [--only TEXT] [--unseen] [--learn]`: plants each bug in turn and plays seeds until the oracle sees
// it, those first that saw it, or others, before; and the kept stories last. Prints bug, invariant and seeds needed; a bug that
// survives is a gap in oracle or workload, and ends the table with exit code 1. `--learn` writes down which seed saw which bug.
import { spawn } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { availableParallelism } from "node:os"
import { fileURLToPath } from "node:url"
import { count, tool } from "../../../src/tool.ts"
import type { Mutant } from "./mutant.ts"
import { MUTANTS } from "./mutants.ts"

const values = tool("pnpm sim:mutants", "Plants bugs in the engine, one after the other, and plays seeds until one is seen to go wrong.")
  .option("--seeds <n>", "give up after so many seeds", count, 400)
  .option("--from <n>", "the first of them", count, 500_000)
  .option("--only <text>", "only bugs with this in their names", "")
  .option("--unseen", "only bugs that no seed is known for", false)
  .option("--learn", "write down which seed saw which bug", false)
  .option("--jobs <n>", "so many bugs at once", count, availableParallelism())
  .parse()
  .opts<{ seeds: number; from: number; only: string; unseen: boolean; learn: boolean; jobs: number }>()
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
const LIKELY = here("likely-seeds.json")

/** By bug: the seed that saw it last. Written by this program. */
const likely = JSON.parse(readFileSync(LIKELY, "utf8")) as Record<string, number>
/** Seeds that saw other bugs are good at this: so many of them come before the rest. */
const MOST_LIKELY = 8

function earlySeeds(mutant: Mutant): readonly number[] {
  const own = likely[mutant.name]
  const counts = new Map<number, number>()
  for (const seed of Object.values(likely)) counts.set(seed, (counts.get(seed) ?? 0) + 1)
  const others = [...counts].sort(([, a], [, b]) => b - a).map(([seed]) => seed)
  return [...new Set([...(own === undefined ? [] : [own]), ...others.slice(0, MOST_LIKELY)])]
}

interface Result {
  readonly mutant: Mutant
  /** null: it survived. */
  readonly caught: { readonly seed: number; readonly seeds: number; readonly invariant: string } | null
  /** No seed of so many told of it, and this kept story does. */
  readonly kept: { readonly name: string; readonly invariant: string } | null
  readonly trouble: string | null
}

interface Played {
  readonly caught: Result["caught"]
  readonly kept: Result["kept"]
  readonly trouble: string | null
}

/** Plays seeds in a process of its own; `mutant`: null for the engine as it is. */
const seedsWith = (mutant: Mutant | null, seeds: readonly string[]): Promise<Played> =>
  new Promise((resolve) => {
    // the model in memory is the faster of two that do the same
    const isOfStore = mutant?.file.startsWith("packages/store/") === true
    const planted = mutant === null ? [] : ["--import", here("plant.ts")]
    const child = spawn(
      process.execPath,
      [...planted, here("../main.ts"), ...seeds, "--first", "--store", isOfStore ? "sqlite" : "memory"],
      {
        env: { ...process.env, ...(mutant === null ? {} : { MUTANT: mutant.name }) },
      },
    )
    let out = ""
    let errors = ""
    child.stdout.on("data", (text: Buffer) => (out += text.toString()))
    child.stderr.on("data", (text: Buffer) => (errors += text.toString()))
    child.on("close", (code) => {
      const found = /^seed (?<seed>\d+): (?<invariant>\w+):/m.exec(out)?.groups
      const needed = Number(/^found after (?<seeds>\d+) seeds/m.exec(out)?.groups?.["seeds"] ?? 0)
      const caught = found === undefined ? null : { seed: Number(found["seed"]), seeds: needed, invariant: found["invariant"] ?? "" }
      const told = /^kept story "(?<name>[^"]+)": (?<invariant>\w+):/m.exec(out)?.groups
      const kept = told === undefined ? null : { name: told["name"] ?? "", invariant: told["invariant"] ?? "" }
      const failed = caught === null && kept === null && code !== 0
      resolve({ caught, kept, trouble: failed ? (errors.split("\n").find((line) => line.includes("Error")) ?? `exit ${code}`) : null })
    })
  })

const clean = new Map<number, Promise<boolean>>()
/** A seed that fails without any planted bug proves nothing. */
function isClean(seed: number): Promise<boolean> {
  let known = clean.get(seed)
  if (known === undefined)
    clean.set(seed, (known = seedsWith(null, ["--try", String(seed), "--seeds", "0"]).then(({ caught }) => caught === null)))
  return known
}

/** What is in one story of so many. */
const RARITY = 15

async function play(mutant: Mutant): Promise<Result> {
  let early = earlySeeds(mutant)
  let { from } = values
  const amid = mutant.amid === undefined ? [] : ["--with", mutant.amid]
  const end = from + values.seeds * (mutant.amid === undefined ? 1 : RARITY)
  for (let before = 0; ;) {
    const { caught, trouble } = await seedsWith(mutant, [
      "--try",
      early.join(","),
      "--seeds",
      String(end - from),
      "--from",
      String(from),
      ...amid,
    ])
    if (caught === null) {
      const { kept } = trouble === null ? await seedsWith(mutant, ["--kept", "--seeds", "0"]) : { kept: null }
      return { mutant, caught: null, kept, trouble }
    }
    if (await isClean(caught.seed)) return { mutant, caught: { ...caught, seeds: before + caught.seeds }, kept: null, trouble }
    before += caught.seeds
    if (early.includes(caught.seed)) early = early.slice(early.indexOf(caught.seed) + 1)
    else {
      early = []
      from = caught.seed + 1
    }
  }
}

/** At once: whoever stops this program keeps what was seen until then. */
function learn(name: string, seed: number): void {
  likely[name] = seed
  if (!values.learn) return
  const known = MUTANTS.flatMap((each) => (likely[each.name] === undefined ? [] : [[each.name, likely[each.name]] as const]))
  writeFileSync(LIKELY, `${JSON.stringify(Object.fromEntries(known), null, 2)}\n`)
}

const queue = MUTANTS.filter(({ name }) => name.includes(values.only) && !(values.unseen && likely[name] !== undefined))
const results: Result[] = []
const worker = async (): Promise<void> => {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const result = await play(mutant)
    results.push(result)
    const { caught, kept, trouble } = result
    if (caught !== null) learn(mutant.name, caught.seed)
    const verdict =
      trouble !== null
        ? `cannot be played: ${trouble}`
        : caught === null
          ? kept === null
            ? "SURVIVED"
            : `${kept.invariant.padEnd(6)} the kept story "${kept.name}"`
          : `${caught.invariant.padEnd(6)} ${String(caught.seeds).padStart(3)} seeds (${caught.seed})`
    console.log(`${mutant.breaks.padEnd(5)} ${mutant.name.padEnd(56)} ${verdict}`)
  }
}
await Promise.all(Array.from({ length: values.jobs }, worker))
const caught = results.filter((result) => result.caught !== null || result.kept !== null).length
console.log(`${caught} of ${results.length} planted bugs caught, each within ${values.seeds} seeds or by a kept story`)
process.exitCode = caught === results.length ? 0 : 1
