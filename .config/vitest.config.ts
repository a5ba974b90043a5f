// One vitest run for every package. Files run side by side; the limits leave room for a busy machine with two cores,
// where a test that starts servers and processes may wait its turn for a while.
import { tmpdir } from "node:os"
import { join } from "node:path"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

const report = process.env["TEST_REPORT"]

// Compiled code is kept for every process of a run, in the folder where the command line keeps its own.
process.env["NODE_COMPILE_CACHE"] ??= join(tmpdir(), "node-compile-cache")

/** Files that take a minute or more, the longest first: none of them shall begin when everybody else is done. */
const LONG = [
  "cli/test/examples.test.ts",
  "cli/test/connectors-readme.test.ts",
  "cli/test/stories.test.ts",
  "cli/test/e2e/restore.test.ts",
  "cli/test/command/run.test.ts",
  "cli/test/e2e/forget.test.ts",
  "cli/test/e2e/kill.test.ts",
  "cli/test/command/review.test.ts",
  "core/test/crash/",
  "cli/test/twins.test.ts",
  "cli/test/e2e/soak.test.ts",
  "core/test/small-model/",
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.includes(name))
      return at === -1 ? LONG.length : at
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "apart",
          include: ["packages/{cli,store,testkit}/test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
        },
      },
      {
        // Their tests change nothing outside of what they make, so that one process can run many files: loading the same
        // code anew for each took as long as half of the tests.
        extends: true,
        test: {
          name: "together",
          include: ["packages/{core,connector}/test/**/*.test.ts", "connectors/*/test/**/*.test.ts"],
          isolate: false,
        },
      },
    ],
    exclude: ["**/node_modules/**", "**/fixtures/**"],
    environment: "node",
    pool: "forks",
    // most of the long files wait for processes of their own rather than for a core
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    env: { NO_COLOR: "1" },
  },
})
