// Both mocks and a folder with a pipeline: one stage for a whole test file, set anew before each test.
import { createHash } from "node:crypto"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { isObject, type Json } from "@syncline/connector"
import { bareEnv, start, type Child, type Ended } from "../child.ts"
import { call } from "../hostile/call.ts"
import { openMock, type Mock } from "./mock.ts"
import { outOfStep } from "./in-step.ts"
import type { Item, Town } from "./people.ts"
import { personSchema, pipelineText, type Variation } from "./pipeline.ts"

export interface World {
  readonly crm: Mock
  readonly email: Mock
  /** The folder of the present test. */
  readonly folder: string
  /** New people, no trouble, an empty log, no store. */
  begin(people: Town, variation?: Variation): Promise<void>
  write(name: string, text: string): void
  start(...args: readonly string[]): Child
  /** `syncline …` in the folder, as a process; `FILE` is not added. */
  cli(...args: readonly string[]): Promise<Ended>
  /** `run`, which must end with 0; what it said. Without a process of its own, whose start costs more than the run. */
  synced(...args: readonly string[]): Promise<string>
  /** The data of a command with `--json`, likewise. */
  json(...args: readonly string[]): Promise<Json>
  journal(): Promise<readonly Item[]>
  differences(): Promise<readonly string[]>
  /** Every file of the folder with its content, as one hash. */
  fingerprint(): string
  env: Record<string, string>
  close(): Promise<void>
}

export const FILE = "pipeline.yaml"

export async function openWorld(): Promise<World> {
  const root = mkdtempSync(join(tmpdir(), "syncline-e2e-"))
  const [crm, email] = await Promise.all([openMock("crm", join(root, "crm.db")), openMock("email", join(root, "email.db"))])
  const children = new Set<Child>()
  let turn = 0
  let folder = root
  const world: World = {
    crm,
    email,
    env: {},
    get folder() {
      return folder
    },
    begin: async (people, variation) => {
      folder = join(root, `turn-${++turn}`)
      mkdirSync(folder)
      world.env = { CRM_URL: crm.url, EMAIL_URL: email.url, CRM_TOKEN: "demo-token", EMAIL_KEY: "demo-key" }
      world.write("person.schema.json", personSchema)
      world.write(FILE, pipelineText(variation))
      await Promise.all([crm.refill(people.crm), email.refill(people.email)])
    },
    write: (name, text) => writeFileSync(join(folder, name), text),
    start: (...args) => {
      const child = start(args, { cwd: folder, env: world.env })
      children.add(child)
      return child
    },
    cli: (...args) => world.start(...args).ended,
    synced: async (...args) => {
      const { code, out, err } = await call(folder, ["run", FILE, ...args], bareEnv(world.env))
      if (code !== 0) throw new Error(`run ended with ${code}:\n${out}${err}`)
      return out
    },
    json: async (...args) => {
      const { out, err } = await call(folder, [...args, "--json"], bareEnv(world.env))
      const answer: Json = out === "" ? null : JSON.parse(out)
      if (!isObject(answer) || answer["data"] === undefined) throw new Error(`syncline ${args.join(" ")} gave no data:\n${out}${err}`)
      return answer["data"]
    },
    journal: async () => {
      const rows = await world.json("log", FILE, "--limit", "100000")
      return Array.isArray(rows) ? rows.filter(isObject) : []
    },
    differences: async () => outOfStep(await crm.items(), await email.items()),
    fingerprint: () => hashOf(folder),
    close: async () => {
      for (const child of children) child.process.kill("SIGKILL")
      await Promise.all([...children].map((child) => child.ended))
      await Promise.all([crm.stop(), email.stop()])
      rmSync(root, { recursive: true, force: true })
    },
  }
  return world
}

/** A world of one's own for one test among several that run side by side. */
export const inWorld = async (act: (world: World) => Promise<void>): Promise<void> => {
  const world = await openWorld()
  try {
    await act(world)
  } finally {
    await world.close()
  }
}

function hashOf(folder: string): string {
  const hash = createHash("sha256")
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()) {
    const path = join(folder, name)
    const facts = statSync(path)
    hash.update(`${name}\n${facts.isFile() ? readFileSync(path).toString("base64") : "folder"}\n`)
  }
  return hash.digest("hex")
}
