// The table of planted bugs stays whole: every one fits the engine as it is, every invariant has two, and a few are played.
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { pathOf } from "./mutants/mutant.ts"
import { MUTANTS } from "./mutants/mutants.ts"

const ROOT = new URL("../../../../", import.meta.url)
const likely = JSON.parse(readFileSync(new URL("mutants/likely-seeds.json", import.meta.url), "utf8")) as Record<string, number>
/** Quickly seen, each by another part of the oracle; `pnpm sim:mutants` plays them all. */
const PLAYED = ["send without a durable intent", "forget new claims", "count no item that was read"]

const exitWith = (name: string): Promise<number | null> =>
  new Promise((resolve) => {
    const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
    const seeds = ["--try", String(likely[name] ?? ""), "--seeds", "0", "--store", "memory"]
    const child = spawn(process.execPath, ["--import", here("mutants/plant.ts"), here("main.ts"), ...seeds], {
      env: { ...process.env, MUTANT: name },
      stdio: "ignore",
    })
    child.on("close", resolve)
  })

describe("planted bugs", () => {
  it("fit the engine's source, each in one place", () => {
    const misfits = MUTANTS.filter((mutant) => readFileSync(new URL(pathOf(mutant), ROOT), "utf8").split(mutant.find).length !== 2)
    expect(misfits.map(({ name }) => name)).toEqual([])
  })

  it("are at least forty, two for every invariant", () => {
    const counts = Map.groupBy(MUTANTS, ({ breaks }) => breaks)
    const thin = Array.from({ length: 20 }, (_, at) => `I${at + 1}`).filter((invariant) => (counts.get(invariant)?.length ?? 0) < 2)
    expect(thin).toEqual([])
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40)
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
  })

  it.each(PLAYED)("%s: the simulator sees it", { timeout: 300_000 }, async (name) => {
    expect(likely[name]).toBeTypeOf("number")
    expect(await exitWith(name)).toBe(1)
  })
})
