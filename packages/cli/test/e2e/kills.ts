// `pnpm kills --rounds 500 [--people 1000] [--seed 8]`: the test that kills the real command, for as long as one likes.
import { spawnSync } from "node:child_process"
import { parseArgs } from "node:util"

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "500" },
    people: { type: "string", default: "300" },
    seed: { type: "string", default: "7" },
  },
})
const { status } = spawnSync(
  "vitest",
  ["run", "--config", ".config/vitest.config.ts", "packages/cli/test/e2e/kill.test.ts", "--testTimeout", "7200000"],
  {
    stdio: "inherit",
    env: { ...process.env, SYNCLINE_KILLS: values.rounds, SYNCLINE_PEOPLE: values.people, SYNCLINE_SEED: values.seed },
  },
)
process.exitCode = status ?? 1
