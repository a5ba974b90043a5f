// `pnpm kills --rounds 500 [--people 1000] [--seed 8]`: the test that kills the real command, for as long as one likes.
import { spawnSync } from "node:child_process"
import { count, tool } from "@syncline/testkit/tool"

const values = tool("pnpm kills", "Starts the real command, kills it at random moments, and looks at what is left.")
  .option("--rounds <n>", "so many lives", count, 500)
  .option("--people <n>", "so many contacts", count, 300)
  .option("--seed <n>", "what is drawn, and when it is killed", count, 7)
  .parse()
  .opts<{ rounds: number; people: number; seed: number }>()
const { status } = spawnSync(
  "vitest",
  ["run", "--config", ".config/vitest.config.ts", "packages/cli/test/e2e/kill.test.ts", "--testTimeout", "7200000"],
  {
    stdio: "inherit",
    env: { ...process.env, SYNCLINE_KILLS: `${values.rounds}`, SYNCLINE_PEOPLE: `${values.people}`, SYNCLINE_SEED: `${values.seed}` },
  },
)
process.exitCode = status ?? 1
