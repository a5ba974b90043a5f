import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, onTestFinished, test } from "vitest"
import { seedFromFile, SeedError } from "../../../src/server/index.ts"
import { startTestCrm } from "../../running-crm.ts"

const file = (name: string, text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), "mock-crm-"))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const now = Date.parse("2026-01-01T00:00:00Z")

test("a JSON array in the API's own shape becomes contacts", () => {
  const path = file("people.json", JSON.stringify([{ id: "x", first_name: "Ada", tier: { level: 3 }, updated_at: 1_700_000_000_000 }, {}]))
  const [ada, blank] = seedFromFile(path, now)
  expect(ada).toMatchObject({
    id: "x",
    document: { first_name: "Ada", tier: { level: 3 } },
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
  })
  expect(ada?.fieldTimes["tier.level"]).toBe("2023-11-14T22:13:20.000Z")
  expect(blank).toMatchObject({ document: { email: null, stage: "lead" }, createdAt: now, revision: 1 })
})

test("a CSV nests dotted columns, splits labels and leaves out blanks", () => {
  const path = file(
    "people.csv",
    '\ufeffid,first_name,account.name,account.city,labels,email_opt_out,phone\n1,"Ada, L","A ""B""",X,a; b;,YES,00123\n2,,,,,,\n',
  )
  const [ada, blank] = seedFromFile(path, now)
  expect(ada?.document).toMatchObject({
    first_name: "Ada, L",
    account: { name: 'A "B"', city: "X" },
    labels: ["a", "b"],
    email_opt_out: true,
    phone: "00123",
  })
  expect(blank?.document).toMatchObject({ first_name: null, account: { name: null }, labels: [], email_opt_out: false })
})

describe("a bad seed file says where it is wrong", () => {
  test.each([
    ["a.json", "[{}", /^a\.json: is not JSON/],
    ["a.json", "{}", /^a\.json: must hold a JSON array/],
    ["a.json", "[{}, 5]", /^a\.json, row 2: must be an object/],
    ["a.json", '[{"email": 5}]', /^a\.json, row 1, field email: must be text/],
    ["a.json", '[{"id": 5}]', /^a\.json, row 1, field id: must be text/],
    ["a.json", '[{"id": "a"}, {"id": "a"}]', /^a\.json, row 2, field id: is the same as in row 1/],
    ["a.json", '[{"updated_at": "soon"}]', /^a\.json, row 1, field updated_at: must be an ISO/],
    ["a.json", '[{"created_at": "2026-01-02", "updated_at": "2026-01-01"}]', /field updated_at: is before created_at/],
    ["a.json", '[{"field_times": {"email": "x"}}]', /field field_times\.email: must be an ISO/],
    ["a.json", '[{"revision": 0}]', /field revision: must be a whole number/],
    ["a.csv", "email_opt_out\ntrue\nmaybe\n", /^a\.csv, row 2, field email_opt_out: expected true or false, got "maybe"/],
    ["a.csv", "a,a\n1,2\n", /^a\.csv, field a: the column is there twice/],
    ["a.csv", "account,account.name\n1,2\n", /^a\.csv, field account: the column is a value and a parent/],
    ["a.csv", "a,b\n1\n", /^a\.csv, row 1: has 1 cells where the header has 2/],
    ["a.csv", "", /^a\.csv: has no header line/],
  ])("%s holding %j", (name, text, message) => {
    const path = file(name, text)
    expect(() => seedFromFile(path, now)).toThrow(message)
    expect(() => seedFromFile(path, now)).toThrow(SeedError)
  })

  test("and a server is not started on it", async () => {
    await expect(startTestCrm({ seed: file("a.json", "[5]") })).rejects.toThrow("a.json, row 1")
    await expect(startTestCrm({ seed: "/nowhere/a.json" })).rejects.toThrow("a.json: cannot be read")
  })
})

test("a store that holds contacts already is not seeded again", async () => {
  const seed = file("people.json", '[{"first_name": "Ada"}]')
  const db = join(seed, "..", "crm.db")
  const first = await startTestCrm({ file: db, seed })
  await first.close()
  const second = await startTestCrm({ file: db, seed })
  expect((await second.call("GET", "/contacts")).body["total"]).toBe(1)
})

test("the same seed of ids gives the same ids", async () => {
  const seed = file("people.json", "[{}, {}]")
  const dumps = await Promise.all(
    ["s", "s", "t"].map(async (idSeed) => (await startTestCrm({ seed, idSeed, now: () => now })).call("GET", "/admin/dump")),
  )
  expect(dumps[0]?.text).toBe(dumps[1]?.text)
  expect(dumps[0]?.text).not.toBe(dumps[2]?.text)
})
