// Plays the `scenario.yaml` of an example: starts its systems, walks through its story with the real command line, and
// stops at the first step that does not end as told. Everything happens in a copy of the folder, which is removed.
import { cp, mkdtemp, readFile, realpath, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join, relative } from "node:path"
import { setTimeout as pass } from "node:timers/promises"
import { act, deedText } from "./act.ts"
import { BIN, plainEnv, runCommand, type Finished, type Surroundings } from "./command.ts"
import { isObject, type Json } from "@syncline/connector"
import { startMockSystem, type MockSystem, type Traffic } from "./mock-system.ts"
import { withNames } from "./names.ts"
import { readScenario } from "./read-scenario.ts"
import type { Deed, Scenario, Step } from "./scenario.ts"
import { listIn, verify, type Check } from "./verify.ts"

/** What happens while a story is played, in order; enough to tell it well. */
export type StoryEvent =
  | {
      readonly kind: "opened"
      readonly title: string
      readonly folder: string
      readonly steps: number
      readonly systems: readonly { readonly name: string; readonly mock: string; readonly url: string }[]
    }
  | { readonly kind: "step"; readonly number: number; readonly say: string; readonly line: number }
  | { readonly kind: "did"; readonly system: string; readonly text: string; readonly deed: Deed }
  /** A command is about to run. */
  | { readonly kind: "runs"; readonly argv: readonly string[] }
  | { readonly kind: "ran"; readonly finished: Finished; readonly traffic: ReadonlyMap<string, Traffic>; readonly shows: boolean }
  | { readonly kind: "checked"; readonly check: Check }

export interface PlayOptions {
  readonly onStep?: (event: StoryEvent) => void
  /** Added to every command's environment: `{ FORCE_COLOR: "1" }` for a terminal, say. An empty text takes a variable away. */
  readonly env?: Readonly<Record<string, string>>
  /** Leaves the folder behind; its path is in the result. */
  readonly keep?: boolean
  /** `syncline.mjs` of the command line. */
  readonly bin?: string
}

export interface Played {
  readonly title: string
  readonly folder: string
  readonly events: readonly StoryEvent[]
}

/** A step that did not end as told. */
export class StoryFailure extends Error {
  readonly step: string
  readonly checks: readonly Check[]
  constructor(where: string, step: string, what: string, checks: readonly Check[]) {
    super(`${where}  "${step}"\n${what}`)
    this.name = "StoryFailure"
    this.step = step
    this.checks = checks
  }
}

const FILE = "scenario.yaml"
const NOT_COPIED = new Set(["test", "node_modules", ".syncline"])

export const playScenario = async (dir: string, options: PlayOptions = {}): Promise<Played> => {
  const scenario = readScenario(await readFile(join(dir, FILE), "utf8"), `${basename(dir)}/${FILE}`)
  const folder = await realpath(await mkdtemp(join(tmpdir(), "syncline-story-")))
  const systems = new Map<string, MockSystem>()
  const events: StoryEvent[] = []
  const emit = (event: StoryEvent): void => {
    events.push(event)
    options.onStep?.(event)
  }
  try {
    await cp(dir, folder, { recursive: true, filter: (path) => !NOT_COPIED.has(relative(dir, path).split("/")[0] ?? "") })
    const bin = options.bin ?? BIN
    const started = await Promise.allSettled(
      Object.entries(scenario.systems).map(async ([name, setup]) => {
        systems.set(name, await startMockSystem(name, setup, { cwd: folder, env: plainEnv(), bin }))
      }),
    )
    for (const one of started) if (one.status === "rejected") throw one.reason
    const surroundings = { cwd: folder, bin, env: environment(scenario, systems, options) }
    emit({ kind: "opened", title: scenario.title, folder, steps: scenario.story.length, systems: listed(scenario, systems) })
    for (const [at, step] of scenario.story.entries()) {
      emit({ kind: "step", number: at + 1, say: step.say, line: step.line })
      await playStep(step, { where: `${basename(dir)}/${FILE}:${step.line}`, systems, surroundings, pipeline: scenario.pipeline, emit })
    }
    return { title: scenario.title, folder, events }
  } finally {
    await Promise.all([...systems.values()].map((system) => system.close()))
    if (options.keep !== true) await rm(folder, { recursive: true, force: true })
  }
}

const listed = (scenario: Scenario, systems: ReadonlyMap<string, MockSystem>) =>
  Object.entries(scenario.systems).map(([name, { mock }]) => ({ name, mock, url: systems.get(name)?.url ?? "" }))

const environment = (scenario: Scenario, systems: ReadonlyMap<string, MockSystem>, options: PlayOptions): Record<string, string> => {
  const env = { ...plainEnv() }
  for (const { name, url, kind } of systems.values()) Object.assign(env, kind.env(name.toUpperCase().replaceAll("-", "_"), url))
  Object.assign(env, scenario.env, options.env)
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""))
}

interface Stage {
  /** `example/scenario.yaml:line` of the step. */
  readonly where: string
  readonly systems: ReadonlyMap<string, MockSystem>
  readonly surroundings: Surroundings
  readonly pipeline: string
  readonly emit: (event: StoryEvent) => void
}

const playStep = async (step: Step, { where, systems, surroundings, pipeline, emit }: Stage): Promise<void> => {
  const fail = (what: string, checks: readonly Check[] = []): never => {
    throw new StoryFailure(where, step.say, what, checks)
  }
  const orFail = async <T>(work: Promise<T>): Promise<T> =>
    work.catch((cause: unknown) => fail(`  ${cause instanceof Error ? cause.message : String(cause)}`))

  if (step.wait !== undefined) await pass(step.wait * 1000)
  for (const deed of step.do) {
    const system = systems.get(deed.system) ?? fail(`  no system ${deed.system}`)
    await orFail(act(system, deed))
    emit({ kind: "did", system: deed.system, text: deedText(deed), deed })
  }
  const list = (command: readonly string[]) => answered([...command, pipeline], surroundings)
  let ran: Finished | null = null
  const traffic = new Map<string, Traffic>()
  if (step.syncline !== undefined) {
    const argv = await orFail(
      withNames(step.syncline, {
        list,
        lastRun: () => idIn(["status", pipeline], ["lastRun", "id"], surroundings),
        recordOf: (key) => idIn(["explain", pipeline, key], ["recordId"], surroundings),
      }),
    )
    const counts = await Promise.all([...systems].map(async ([name, system]) => [name, await system.count()] as const))
    emit({ kind: "runs", argv })
    ran = await runCommand(argv, surroundings)
    for (const [name, count] of counts) traffic.set(name, await count())
    emit({ kind: "ran", finished: ran, traffic, shows: step.shows })
  }
  const checks = await orFail(verify(step.expect, { systems, ran, traffic, list }))
  for (const check of checks) emit({ kind: "checked", check })
  const wrong = checks.filter((check) => check.differences.length > 0)
  if (wrong.length === 0) return
  const output = ran === null ? "" : `\n  $ syncline ${ran.argv.join(" ")}\n${indented(ran.stdout)}${indented(ran.stderr)}`
  fail(
    wrong.map(({ what, differences }) => `  ✗ ${what}\n${differences.map((one) => `      ${one}`).join("\n")}`).join("\n") + output,
    wrong,
  )
}

const indented = (text: string): string => (text === "" ? "" : `${text.trimEnd().replaceAll(/^/gm, "    ")}\n`)

/** Asks the command line for one of its lists, as a program would. */
const answered = async (command: readonly string[], surroundings: Surroundings): Promise<readonly Json[]> => {
  const { exit, stdout, stderr } = await runCommand([...command, "--json", "--limit", "100000"], surroundings)
  try {
    const found = listIn(JSON.parse(stdout))
    if (found !== null) return found
  } catch {
    // told below, with what it said instead
  }
  throw new Error(`syncline ${command.join(" ")} --json gave no list (exit ${exit}): ${stderr || stdout}`)
}

/** One id in what a command answers. */
const idIn = async (command: readonly string[], path: readonly string[], surroundings: Surroundings): Promise<string> => {
  const { stdout, stderr } = await runCommand([...command, "--json"], surroundings)
  let found: Json = JSON.parse(stdout)
  for (const name of ["data", ...path]) found = isObject(found) ? (found[name] ?? null) : null
  if (typeof found !== "string") throw new Error(`syncline ${command.join(" ")} --json names no ${path.join(".")}: ${stderr}`)
  return found
}
