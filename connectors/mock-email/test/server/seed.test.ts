import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { seedFromFile } from "../../src/server/index.ts"
import { listIn, members, startPlatform } from "../platform.ts"

describe("seed files", () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mock-email-"))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, text)
    return path
  }

  it("JSON in the API's own shape is planted as the platform keeps it", async () => {
    const seed = await file(
      "people.json",
      JSON.stringify([
        {
          id: "x",
          email_address: " JANE@X.com",
          status: "unsubscribed",
          merge_fields: { FNAME: " Jane", LNAME: null },
          tags: ["a"],
          vip: true,
        },
        { email_address: "zoë@x.com", merge_fields: { CITY: 8000 }, last_changed: "2020-05-06T07:08:09Z" },
      ]),
    )
    const platform = await startPlatform({ seed })
    try {
      expect(platform.seeded).toEqual({ loaded: 2, skipped: [] })
      const [zoe, jane] = listIn((await platform.call("GET", members)).body)
      expect(jane).toMatchObject({ email_address: "jane@x.com", status: "unsubscribed", merge_fields: { FNAME: "Jane", LNAME: "" } })
      expect(zoe).toMatchObject({ status: "subscribed", merge_fields: { CITY: "8000" }, last_changed: "2020-05-06T07:08:09Z" })
    } finally {
      await platform.close()
    }
  })

  it("what the platform would not take is left out and counted, with row, field and reason", async () => {
    const path = await file(
      "odd.json",
      JSON.stringify([
        { email_address: "a@x.com" },
        { email_address: "not-an-address" },
        { email_address: "A@X.com" },
        { email_address: "b@x.com", status: "retired" },
        { email_address: null },
        { email_address: "c@x.com", merge_fields: { FNAME: "x".repeat(300) } },
      ]),
    )
    const seed = await seedFromFile(path)
    expect(seed.members.map((member) => member.address)).toEqual(["a@x.com"])
    expect(seed.skipped.map(({ row, field }) => [row, field])).toEqual([
      [2, "email_address"],
      [3, "email_address"],
      [4, "status"],
      [5, "email_address"],
      [6, "merge_fields.FNAME"],
    ])
  })

  it("CSV takes dotted columns and splits tags at semicolons", async () => {
    const path = await file(
      "people.csv",
      '\uFEFFemail_address,status,merge_fields.FNAME,merge_fields.COMPANY,tags\r\njo@x.com,,"Jo ""J"", Ann",Æther,vip; swiss\r\n\r\nbad,,x,,\r\n',
    )
    const seed = await seedFromFile(path)
    expect(seed.members).toEqual([
      { address: "jo@x.com", status: "subscribed", mergeFields: { FNAME: 'Jo "J", Ann', COMPANY: "Æther" }, tags: ["vip", "swiss"] },
    ])
    expect(seed.skipped).toMatchObject([{ row: 4, value: "bad" }])
  })

  it.each([
    ["broken.json", "[{", /broken\.json: is not JSON/],
    ["object.json", "{}", /object\.json: expected a JSON array/],
    ["number.json", "[5]", /number\.json, row 1: expected a member/],
    ["fields.json", '[{"email_address":"a@x.com","merge_fields":"x"}]', /fields\.json, row 1, field merge_fields: expected an object/],
    ["tags.json", '[{"email_address":"a@x.com","tags":"x"}]', /row 1, field tags/],
    ["time.json", '[{"email_address":"a@x.com","last_changed":"soon"}]', /row 1, field last_changed/],
    ["header.csv", "name\nx\n", /header\.csv, row 1, field email_address: the header has no such column/],
    ["short.csv", "email_address,status\na@x.com\n", /short\.csv, row 2/],
  ])("%s is refused with file, row and field", async (name, text, message) => {
    await expect(seedFromFile(await file(name, text))).rejects.toThrow(message)
  })

  it("a file that is not there is named", async () => {
    await expect(seedFromFile(join(folder, "nowhere.json"))).rejects.toThrow(/nowhere\.json: there is no such file/)
  })

  it("members, their order and the merge fields survive a restart, and a seed is not planted twice", async () => {
    const seed = await file("one.json", '[{"email_address":"a@x.com"}]')
    const options = { file: join(folder, "platform.db"), seed }
    const first = await startPlatform(options)
    await first.call("POST", members, { email_address: "b@x.com" })
    await first.call("POST", "/admin/schema", { add: ["CITY"] })
    const before = (await first.call("GET", "/admin/dump")).body
    await first.close()
    const second = await startPlatform(options)
    try {
      expect(second.seeded).toBeNull()
      expect((await second.call("GET", "/admin/dump")).body).toEqual(before)
    } finally {
      await second.close()
    }
  })

  it("20 000 members are planted and paged", async () => {
    const seed = await file("many.json", JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ email_address: `p${i}@x.com` }))))
    const platform = await startPlatform({ seed })
    try {
      const { body } = await platform.call("GET", `${members}?count=1000&offset=19500&sort=created`)
      expect(body["total_items"]).toBe(20_000)
      expect(listIn(body)).toHaveLength(500)
    } finally {
      await platform.close()
    }
  })
})
