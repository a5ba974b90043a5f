// Several real processes on one store file.
import { NO_CHANGES } from "@syncline/core/model"
import { LeaseHeld, StaleLease } from "@syncline/core/store"
import * as Effect from "effect/Effect"
import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { afterEach, beforeEach, expect, test } from "vitest"
import { openSqliteStore } from "../../src/index.ts"

const run = Effect.runPromise
let dir = ""
let path = ""
const children: ChildProcess[] = []
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "syncline-store-"))
  path = join(dir, "store.db")
})
afterEach(async () => {
  for (const child of children.splice(0)) await killed(child)
  await rm(dir, { recursive: true, force: true })
})

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill("SIGKILL")
  await once(child, "exit")
}

/** A child and the lines it says, as they come. */
function start(task: "commit" | "hold") {
  const child = spawn(process.execPath, [join(import.meta.dirname, "child.ts"), path, task], { stdio: ["pipe", "pipe", "inherit"] })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return { child, next: async (): Promise<string | null> => (await lines.next()).value ?? null }
}

test("of processes that reach for the lease at once, one gets it", { timeout: 60_000 }, async () => {
  const contenders = [start("hold"), start("hold"), start("hold")]
  const answers = await Promise.all(contenders.map((one) => one.next()))
  expect(answers.sort()).toEqual(["epoch 1", "refused", "refused"])
})

test("a process that was taken over while it works commits nothing more", { timeout: 60_000 }, async () => {
  const worker = start("hold")
  expect(await worker.next()).toBe("epoch 1")
  const store = await run(openSqliteStore({ path }))
  expect(await run(Effect.flip(store.acquire("parent", 999, 10)))).toBeInstanceOf(LeaseHeld)
  const lease = await run(store.acquire("parent", 1000, 10))
  expect(lease.epoch).toBe(2)
  const stale = { owner: `child ${worker.child.pid}`, epoch: 1 }
  expect(await run(Effect.flip(store.commit(stale, NO_CHANGES)))).toBeInstanceOf(StaleLease)
  await run(store.close())
})

test("kill -9 in the middle of commits keeps exactly whole commits, and every one that was reported", { timeout: 120_000 }, async () => {
  for (const [round, atLeast] of [5, 40, 120].entries()) {
    path = join(dir, `store-${round}.db`)
    const worker = start("commit")
    expect(await worker.next()).toBe("epoch 1")
    let reported = -1
    for (;;) {
      const line = await worker.next()
      if (line === null) break
      reported = Number(line.replace("committed ", ""))
      if (reported === atLeast) worker.child.kill("SIGKILL")
    }
    const store = await run(openSqliteStore({ path }))
    const records = await run(store.records("person", "", 1_000_000))
    await run(store.close())
    const parts = new Map<string, number>()
    for (const { id } of records) parts.set(id.split("-")[0] ?? "", (parts.get(id.split("-")[0] ?? "") ?? 0) + 1)
    expect([...parts.values()].every((count) => count === 4)).toBe(true)
    // The last commit may have been stored without its report, none may have been reported without being stored.
    expect(parts.size).toBeGreaterThanOrEqual(reported + 1)
    expect(parts.size).toBeLessThanOrEqual(reported + 2)
    for (let n = 0; n < parts.size; n++) expect(parts.has(`r${n}`)).toBe(true)
  }
})

test("a reader sees whole commits of a process that is writing, and changes nothing", { timeout: 60_000 }, async () => {
  const worker = start("commit")
  expect(await worker.next()).toBe("epoch 1")
  for (let look = 0; look < 5; look++) {
    const line = await worker.next()
    const reader = await run(openSqliteStore({ path, readOnly: true }))
    const records = await run(reader.records("person", "", 1_000_000))
    expect(records.length % 4).toBe(0)
    expect(records.length / 4).toBeGreaterThan(Number(line?.replace("committed ", "")))
    await run(reader.close())
  }
})
