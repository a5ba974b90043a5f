// The front door: the command line as a function, for whoever runs it inside another process.
export { main } from "./main.ts"
export { EXIT, type ExitCode } from "./exit.ts"
export type { Shell } from "./screen/shell.ts"
