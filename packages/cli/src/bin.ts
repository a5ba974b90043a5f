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
  // What nobody was waiting for still ends in a sentence rather than in a stack trace.
  process.on("uncaughtException", (error) => {
    process.stderr.write(`✗ Something went wrong inside syncline: ${error.message.split("\n")[0]}\n`)
    if ((process.env["SYNCLINE_DEBUG"] ?? "") !== "") process.stderr.write(`${error.stack}\n`)
    process.exit(5)
  })
  const { main } = await import("./main.ts")
  const { processShell } = await import("./screen/shell.ts")
  process.exitCode = await main(process.argv.slice(2), processShell())
}
