// One vitest run for every package. Files run side by side; the limits leave room for a busy machine with two cores,
// where a test that starts servers and processes may wait its turn for a while.
import { defineConfig } from "vitest/config"

const report = process.env["TEST_REPORT"]

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "connectors/*/test/**/*.test.ts", "examples/*/test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/fixtures/**"],
    environment: "node",
    pool: "forks",
    // most of the long files wait for processes of their own rather than for a core
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    env: { NO_COLOR: "1" },
  },
})
