// The connector on real files: what is kept of them, what is refused, and who writes at the same time.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { FaultError, noHttp, openHttpClient, type Connector, type Fault, type JsonObject, type Op, type Outcome } from "@syncline/connector"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { folder } from "../src/index.ts"

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "syncline-folder-"))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const open = (file: JsonObject, config: JsonObject = {}): Connector =>
  folder.open(
    { files: { people: { unique: ["email"], ...file } }, ...config },
    { system: "files", http: openHttpClient(noHttp, { now: Date.now }), now: Date.now, folder: root },
  )
const put = (name: string, text: string | Buffer): void => writeFileSync(join(root, name), text)
const text = (name: string): string => readFileSync(join(root, name), "utf8")
const op = (kind: Op["kind"], id: string | null, set: JsonObject, more: Partial<Op> = {}): Op => ({
  ref: `${kind}-${id ?? JSON.stringify(set)}`,
  kind,
  id,
  set,
  seen: null,
  idempotencyKey: `key-${id ?? JSON.stringify(set)}`,
  ...more,
})
const rows = async (connector: Connector, limit = 1000): Promise<JsonObject[]> => {
  const items: JsonObject[] = []
  for (let cursor: Parameters<Connector["pull"]>[1]["cursor"] = null; ;) {
    const page = await connector.pull("people", { mode: "snapshot", cursor, limit })
    items.push(...page.changes.flatMap((change) => (change.kind === "upsert" ? [change.item] : [])))
    if (!page.more) return items
    cursor = page.next
  }
}
const versionOf = (outcome: Outcome | undefined): string => (outcome?.status === "applied" ? (outcome.version ?? "") : "")
const faultIn = async (work: () => Promise<unknown>): Promise<Fault | null> => {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
}

const PEOPLE: readonly [string, string][] = [
  ["people.csv", '\uFEFFid,email,name\r\n1,a@x,"Ann, ""A"""\r\n2,b@x,Bo\r\n3,c@x,\'C\r\n'],
  ["people.tsv", 'id\temail\tname\n1\ta@x\tAnn, "A"\n2\tb@x\tBo\n3\tc@x\t\'C\n'],
  [
    "people.json",
    `[\n  {\n    "id": 1,\n    "email": "a@x",\n    "big": 9007199254740993\n  },\n  {\n    "id": "2",\n    "email": "b@x"\n  },\n  {\n    "id": "3"\n  }\n]\n`,
  ],
  ["people.ndjson", `{"id": 1, "email": "a@x", "big": 9007199254740993}\n{"id":"2","email":"b@x"}\n{"id":"3"}\n`],
]

describe.each(PEOPLE)("%s", (file, content) => {
  test("is read a page at a time, each row once", async () => {
    put(file, content)
    const all = await rows(open({ file }))
    expect(all.map((item) => String(item["id"]))).toEqual(["1", "2", "3"])
    expect(await rows(open({ file }), 1)).toEqual(all)
  })

  test("keeps every byte of the rows that nobody changed", async () => {
    put(file, content)
    const connector = open({ file })
    await connector.push("people", [op("update", "2", { email: "new@x" })])
    expect(text(file)).toBe(content.replace("b@x", "new@x"))
    // nothing to say is nothing to write
    const before = text(file)
    expect(await connector.push("people", [op("update", "2", { email: "new@x" })])).toMatchObject([{ status: "applied" }])
    expect(text(file)).toBe(before)
    expect(readdirSync(root)).toEqual([file])
  })

  test("takes creates and deletes, once each", async () => {
    put(file, content)
    const connector = open({ file })
    const create = op("create", null, { email: "d@x" })
    const [made] = await connector.push("people", [create, op("delete", "3", {})])
    expect(made).toMatchObject({ status: "applied", item: { email: "d@x" } })
    expect(await connector.push("people", [create, op("delete", "3", {})])).toMatchObject([
      { status: "applied", id: made?.status === "applied" ? made.id : "" },
      { status: "applied" },
    ])
    expect((await rows(connector)).map((item) => item["email"])).toEqual(["a@x", "b@x", "d@x"])
  })
})

test("a member that is cleared goes, a cell that is cleared is blank, and no type becomes another", async () => {
  const cleared = (file: string): string | undefined =>
    folder.describe({ path: ".", files: { people: { file } } }).resources[0]?.write.update?.unset
  expect(["a.csv", "a.tsv", "a.json", "a.ndjson"].map(cleared)).toEqual(["empty", "empty", "null", "null"])
  put("a.ndjson", `{"id":"1","labels":["x"],"price":3}\n`)
  await open({ file: "a.ndjson" }).push("people", [op("update", "1", { labels: null, price: null })])
  expect(text("a.ndjson")).toBe(`{"id":"1"}\n`)
})

test("a write over a row that has changed since is refused, and a taken value names who has it", async () => {
  put("people.csv", "id,email,name\n1,a@x,Ann\n2,b@x,Bo\n")
  const connector = open({})
  const [first] = await connector.push("people", [op("update", "1", { name: "A" })])
  put("people.csv", text("people.csv").replace("A", "Edited"))
  const outcomes = await connector.push("people", [
    op("update", "1", { name: "B" }, { version: versionOf(first) }),
    op("update", "2", { email: "a@x" }),
    op("update", "9", { name: "x" }),
    op("update", "2", { nickname: "x" }, { ref: "column" }),
    op("create", null, { id: "2" }, { ref: "key" }),
    op("update", "2", { name: "Bob" }, { ref: "fine" }),
  ])
  expect(outcomes.map((each) => (each.status === "applied" ? each.status : [each.fault.class, each.fault.existingId]))).toEqual([
    ["conflict", undefined],
    ["duplicate", "1"],
    ["notFound", undefined],
    ["invalid", undefined],
    ["duplicate", "2"],
    "applied",
  ])
  expect(text("people.csv")).toBe("id,email,name\n1,a@x,Edited\n2,b@x,Bob\n")
})

test.each([
  ["two rows with one id", "id,email\n1,a@x\n1,b@x\n", /lines 2 and 3: the same "id" "1" twice/],
  ["a row without an id", "id,email\n1,a@x\n,b@x\n", /line 3: the row has no "id"/],
  ["more values than columns", "id,email\n1,a@x,more\n", /line 2: 3 values for 2 columns/],
  ["a column that is named twice", "id,id\n1,2\n", /"id" twice in its header/],
  ["an open quote", 'id,email\n1,"a@x\n', /not well-formed/],
  ["another encoding", Buffer.from("id,email\n1,\xe9@x\n", "latin1"), /not in UTF-8/],
  ["an empty file", "", /is empty/],
])("%s is refused with the place, and nothing is written", async (_what, content, message) => {
  put("people.csv", content)
  const connector = open({})
  expect(await faultIn(() => rows(connector))).toMatchObject({ message: expect.stringMatching(message) })
  expect(await faultIn(() => connector.push("people", [op("update", "1", { email: "z@x" })]))).toMatchObject({
    message: expect.stringMatching(message),
  })
  expect(readFileSync(join(root, "people.csv"))).toEqual(Buffer.from(content))
})

test.each([
  ["not JSON", "[{]", /cannot be read/],
  ["no list", "{}", /must hold a list/],
  ["no object in the list", "[1]", /item 1 is no object/],
  ["nested without end", `[${"[".repeat(5000)}${"]".repeat(5000)}]`, /cannot be read/],
])("JSON that is %s is refused", async (_what, content, message) => {
  put("people.json", content)
  expect(await faultIn(() => rows(open({ file: "people.json" })))).toMatchObject({
    class: "invalid",
    message: expect.stringMatching(message),
  })
})

test("a file that is missing is never read as one without rows, unless it may be", async () => {
  expect(await faultIn(() => rows(open({})))).toMatchObject({ class: "transient", message: expect.stringMatching(/is not there/) })
  const connector = open({ optional: true, columns: ["id", "email"] })
  expect(await rows(connector)).toEqual([])
  await connector.push("people", [op("create", null, { email: "a@x" })])
  expect(text("people.csv")).toMatch(/^id,email\n[0-9a-f]{20},a@x\n$/)
})

test("files outside the pipeline's folder are out of reach, also by symbolic links", async () => {
  const outside = mkdtempSync(join(tmpdir(), "syncline-outside-"))
  try {
    writeFileSync(join(outside, "people.csv"), "id,email\n1,a@x\n")
    symlinkSync(outside, join(root, "link"))
    mkdirSync(join(root, "inside"))
    symlinkSync(join(outside, "people.csv"), join(root, "inside", "people.csv"))
    for (const [file, config] of [
      ["../people.csv", {}],
      [join(outside, "people.csv"), {}],
      ["people.csv", { path: ".." }],
      ["people.csv", { path: "link" }],
      ["people.csv", { path: "inside" }],
    ] as const)
      expect(await faultIn(() => rows(open({ file }, config)))).toMatchObject({
        class: "invalid",
        message: expect.stringMatching(/outside/),
      })
  } finally {
    rmSync(outside, { recursive: true, force: true })
  }
})

test("values that a spreadsheet would run are written so that it does not, and read back as they were", async () => {
  put("people.csv", "id,email,name\n1,a@x,\n")
  const connector = open({ escapeFormulas: true })
  await connector.push("people", [op("update", "1", { name: "=HYPERLINK(1)" })])
  expect(text("people.csv")).toContain("'=HYPERLINK(1)")
  expect(await rows(connector)).toMatchObject([{ name: "=HYPERLINK(1)" }])
})

test("a file that was written between two pages of a scan proves no absence", async () => {
  put("people.csv", "id,email\n1,a@x\n2,b@x\n3,c@x\n")
  const first = await open({}).pull("people", { mode: "snapshot", cursor: null, limit: 1 })
  put("people.csv", "id,email\n2,b@x\n3,c@x\n")
  const second = await open({}).pull("people", { mode: "snapshot", cursor: first.next, limit: 10 })
  expect(second).toMatchObject({ more: false, complete: false })
})

test("the mode of a file stays as it was", async () => {
  put("people.csv", "id,email\n1,a@x\n")
  chmodSync(join(root, "people.csv"), 0o640)
  await open({}).push("people", [op("update", "1", { email: "b@x" })])
  const { statSync } = await import("node:fs")
  expect(statSync(join(root, "people.csv")).mode & 0o777).toBe(0o640)
})

test("whoever writes the file is heard", async () => {
  put("people.csv", "id,email\n1,a@x\n")
  const abort = new AbortController()
  const heard = Promise.withResolvers<string>()
  const connector = open({})
  const listening = connector.listen?.(["people"], heard.resolve, { signal: abort.signal })
  put("people.csv", "id,email\n1,b@x\n")
  expect(await heard.promise).toBe("people")
  abort.abort()
  await listening
})
