// A secret that changes hands: durable when saved, for its owner alone, and one holder at a time even across processes.
import { spawn } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { openVault } from "../../src/index.ts"

let dir = ""
let path = ""
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "syncline-vault-"))
  path = join(dir, "inner", "store.db.crm.secret")
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test("looking makes no file; what is saved is there for the next one, in a file for its owner alone", async () => {
  expect(await openVault(path).load()).toBeNull()
  expect(existsSync(path)).toBe(false)
  await openVault(path).save("one")
  await openVault(path).save("two")
  expect(await openVault(path).load()).toBe("two")
  expect((statSync(path).mode & 0o777).toString(8)).toBe("600")
})

test("holders take turns, and what one saved is what the next one finds", async () => {
  const vaults = [openVault(path), openVault(path)]
  let inside = 0
  let most = 0
  const add = (vault: ReturnType<typeof openVault>) =>
    vault.exclusively(async () => {
      most = Math.max(most, ++inside)
      const count = Number((await vault.load()) ?? 0)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
      await vault.save(String(count + 1))
    })
  await Promise.all(Array.from({ length: 10 }, (_, n) => add(vaults[n % 2] ?? openVault(path))))
  expect([most, await openVault(path).load()]).toEqual([1, "10"])
})

test("work that fails lets go, and leaves what was saved before it failed", async () => {
  const vault = openVault(path)
  await expect(
    vault.exclusively(async () => {
      await vault.save("kept")
      throw new Error("no")
    }),
  ).rejects.toThrow("no")
  expect(await openVault(path).exclusively(() => openVault(path).load())).toBe("kept")
})

test("a holder that is killed lets go; what it had saved is there", async () => {
  const script = `
    const { openVault } = await import(${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)})
    const vault = openVault(${JSON.stringify(path)})
    await vault.save("before")
    await vault.exclusively(() => { console.log("holding"); return new Promise(() => setInterval(() => {}, 1000)) })`
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] })
  await new Promise<void>((done) => child.stdout.once("data", () => done()))
  const mine = openVault(path)
  let mineRan = false
  const waiting = mine.exclusively(async () => {
    mineRan = true
    return mine.load()
  })
  expect(mineRan).toBe(false)
  child.kill("SIGKILL")
  expect(await waiting).toBe("before")
})
