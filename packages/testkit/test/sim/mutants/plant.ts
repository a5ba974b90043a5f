// Loaded before everything else (`node --import`): plants the bug that MUTANT names into the engine's source as it is loaded.
import { registerHooks } from "node:module"
import { pathOf } from "./mutant.ts"
import { MUTANTS } from "./mutants.ts"

const wanted = process.env["MUTANT"]
const mutant = MUTANTS.find((candidate) => candidate.name === wanted)
if (mutant === undefined) throw new Error(`there is no mutant "${wanted ?? ""}"`)
let planted = false

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.endsWith(`/${pathOf(mutant)}`)) return loaded
    const source = String(loaded.source)
    if (!source.includes(mutant.find)) throw new Error(`"${mutant.name}" no longer fits ${mutant.file}`)
    planted = true
    return { ...loaded, source: source.replace(mutant.find, () => mutant.put) }
  },
})

process.on("exit", () => {
  if (!planted) process.exitCode = 3
})
