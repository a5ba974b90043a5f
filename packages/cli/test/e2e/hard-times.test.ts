// What a machine does to a process: it stops it for longer than its lease, runs out of disk, or lets another hold the store.
// Each ends in the right state, or in a refusal that says what to do and changes nothing.
import { type ChildProcess, execFileSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { setImmediate } from "node:timers/promises"
import { afterAll, beforeAll, expect, test } from "vitest"
import { town } from "./people.ts"
import { FILE, openWorld, type World } from "./world.ts"

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const BOTH_READ = /read {5}\w+\.\w+ {2}\d+ items[\s\S]*read {5}\w+\.\w+ {2}\d+ items/
const storeFile = (): string => join(world.folder, ".syncline", "town.db")

function onStore<A>(work: (db: DatabaseSync) => A, waitMs = 5000): A {
  const db = new DatabaseSync(storeFile())
  try {
    db.exec(`PRAGMA busy_timeout = ${waitMs}`)
    return work(db)
  } finally {
    db.close()
  }
}

/** Stops the process between two of its transactions: one that is stopped within a commit keeps the store locked. */
async function stopBetweenCommits(process: ChildProcess): Promise<void> {
  for (;;) {
    process.kill("SIGSTOP")
    try {
      return onStore((db) => db.exec("BEGIN IMMEDIATE; ROLLBACK"), 0)
    } catch (error) {
      if (!/locked/.test(String(error))) throw error
    }
    process.kill("SIGCONT")
    await setImmediate()
  }
}

const writes = async (): Promise<number> => (await world.crm.writes()).length + (await world.email.writes()).length

test("a process that was stopped past its lease changes nothing more when it goes on", { timeout: 120_000 }, async () => {
  await world.begin(town(60, 61))
  await world.email.fault({ kind: "latency", ms: 1500, times: 1, match: { method: "POST", path: "/batch$" } })
  const first = world.start("run", FILE)
  await first.says(BOTH_READ)
  await stopBetweenCommits(first.process)
  // a minute passes: the lease of the process that stands still runs out
  onStore((db) => db.exec("UPDATE lease SET until = 1"))
  for (let round = 0; round < 3; round++) {
    const { code } = await world.cli("run", FILE)
    if (code === 0 && (await world.differences()).length === 0) break
  }
  expect(await world.differences()).toEqual([])
  const before = [await writes(), onStore((db) => JSON.stringify(db.prepare("SELECT max(seq) AS seq FROM journal").get()))]
  first.process.kill("SIGCONT")
  const { code, err } = await first.ended
  expect([code, err]).toEqual([1, expect.stringMatching(/Another process has taken over/)])
  const after = [await writes(), onStore((db) => JSON.stringify(db.prepare("SELECT max(seq) AS seq FROM journal").get()))]
  expect(after).toEqual(before)
  expect(await world.differences()).toEqual([])
})

test("a store that somebody else holds is refused with a clear line, and is used when it is free", { timeout: 120_000 }, async () => {
  await world.begin(town(10, 62))
  await world.synced()
  await Promise.all([world.crm.forget(), world.email.forget()])
  const db = new DatabaseSync(storeFile())
  db.exec("BEGIN IMMEDIATE")
  const refused = await world.cli("run", FILE)
  expect([refused.code, refused.err]).toEqual([
    expect.any(Number),
    expect.stringMatching(/in use by another process.*Try again when it is done/s),
  ])
  expect(refused.code).toBeGreaterThan(0)
  expect(await writes()).toBe(0)
  db.exec("ROLLBACK")
  db.close()
  await world.synced()
  expect(await world.differences()).toEqual([])
})

/** A program of the machine rather than of a package. */
const machine = (program: string, args: readonly string[]): void => void execFileSync(program, args)

// only root may mount a disk that is small
test.runIf(process.getuid?.() === 0)(
  "a full disk is said as such; with room again the next run completes",
  { timeout: 120_000 },
  async () => {
    await world.begin(town(300, 63))
    const disk = join(world.folder, "disk")
    mkdirSync(disk)
    machine("mount", ["-t", "tmpfs", "-o", "size=600k", "tmpfs", disk])
    try {
      const store = ["--store", `sqlite:${join(disk, "town.db")}`]
      const full = await world.cli("run", FILE, ...store)
      expect(full.err).toMatch(/disk is full|no space left/i)
      expect(full.err).toMatch(/Free some/)
      expect(full.code).toBeGreaterThan(0)
      machine("mount", ["-o", "remount,size=64m", disk])
      for (let round = 0; round < 3; round++) {
        const { code } = await world.cli("run", FILE, ...store)
        if (code === 0 && (await world.differences()).length === 0) break
      }
      expect(await world.differences()).toEqual([])
    } finally {
      machine("umount", ["-l", disk])
    }
  },
)
