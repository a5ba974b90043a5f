#!/usr/bin/env node
// The command. Plain JavaScript, so that an old Node can read it and say one clear line instead of crashing (the native
// SQLite driver ends the process on Node 20, and TypeScript sources do not even load there), and so that nothing has to be
// compiled before the cache of compiled code is there.
import { existsSync } from "node:fs"
import module from "node:module"

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`syncline needs Node 22.19 or newer; this is Node ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  module.enableCompileCache()
  // Built when it is published; in the workspace the sources run as they are.
  const built = new URL("../dist/bin.js", import.meta.url)
  await import(existsSync(built) ? built.href : "../src/bin.ts")
}
