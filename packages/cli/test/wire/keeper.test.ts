// What lets a system's next process in again is kept beside the pipeline, one file a system, for its owner alone.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openVault } from "@syncline/store"
import { afterEach, beforeEach, expect, test } from "vitest"
import { keeperBeside } from "../../src/wire/keeper.ts"

let dir = ""
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "syncline-keeper-"))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const located = () => ({ path: join(dir, "pipeline.yaml"), shown: "pipeline.yaml" })
const kept = { origin: "o", refreshToken: "r-1", accessToken: "a-1", renewAt: null }

test("looking leaves no trace; what is kept is there for the next process, apart from other systems", async () => {
  expect(await keeperBeside(located(), "people", "crm").load()).toBeNull()
  expect(readdirSync(dir)).toEqual([])
  await keeperBeside(located(), "people", "crm").save(kept)
  expect(await keeperBeside(located(), "people", "crm").load()).toEqual(kept)
  expect(await keeperBeside(located(), "people", "email").load()).toBeNull()
  const file = join(dir, ".syncline", "people.crm.secret")
  expect((statSync(file).mode & 0o777).toString(8)).toBe("600")
})

test.each(["{", "[]", '{"origin":1}', "null"])("what is no token, as %s, is as good as nothing", async (text) => {
  await openVault(join(dir, ".syncline", "people.crm.secret")).save(text)
  expect(await keeperBeside(located(), "people", "crm").load()).toBeNull()
})
