#!/usr/bin/env node
// The way in: refuses a Node that is too old before anything native is loaded, turns on the compile cache, and hands
// over. Nothing else is imported here, so that `--help` stays quick.
import module from "node:module"

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`syncline needs Node 22.19 or newer; this is Node ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  module.enableCompileCache()
  const { main } = await import("./main.ts")
  const { processShell } = await import("./screen/shell.ts")
  process.exitCode = await main(process.argv.slice(2), processShell())
}
