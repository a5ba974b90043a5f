// One process, one call: started by bin/syncline.mjs, which has looked at the version of Node.
import { main } from "./main.ts"
import { processShell } from "./screen/shell.ts"

// What nobody was waiting for still ends in a sentence rather than in a stack trace.
process.on("uncaughtException", (error) => {
  process.stderr.write(`✗ Something went wrong inside syncline: ${error.message.split("\n")[0]}\n`)
  if ((process.env["SYNCLINE_DEBUG"] ?? "") !== "") process.stderr.write(`${error.stack}\n`)
  process.exit(5)
})

process.exitCode = await main(process.argv.slice(2), processShell())
