import { createHash } from "node:crypto"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { listIn, members, startPlatform, type Platform } from "../platform.ts"

const md5 = (text: string): string => createHash("md5").update(text).digest("hex")

describe("members of the e-mail platform", () => {
  let platform: Platform
  const start = Date.parse("2026-03-01T10:00:00.700Z")
  beforeAll(async () => {
    platform = await startPlatform({ now: () => start })
  })
  afterAll(() => platform.close())
  beforeEach(() => platform.call("POST", "/admin/reset"))

  const add = async (email_address: string, more = {}) => (await platform.call("POST", members, { email_address, ...more })).body

  it("addresses are lower-cased, names trimmed and tags cut at 50 characters", async () => {
    const { status, body } = await platform.call("POST", members, {
      email_address: "  Jane@Example.COM ",
      merge_fields: { FNAME: " Jané ", CITY: " Bern " },
      tags: ["x".repeat(60), "🙂".repeat(51), "", "vip", "vip"],
    })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: md5("jane@example.com"),
      contact_id: expect.stringMatching(/^[0-9a-f]{16}$/),
      email_address: "jane@example.com",
      status: "subscribed",
      merge_fields: { FNAME: "Jané", LNAME: "", COMPANY: "", PHONE: "", CITY: " Bern " },
      tags: ["x".repeat(50), "🙂".repeat(50), "vip"],
      last_changed: "2026-03-01T10:00:00Z",
    })
  })

  it.each(["", "jane", "@x.com", "a@b@c.com", "a b@x.com", "jane@localhost", ".jane@x.com", "jane@-x.com", "jane@x.c", "a,b@x.com"])(
    "the address %j is refused with the field at fault",
    async (email_address) => {
      const { status, body } = await platform.call("POST", members, { email_address })
      expect(status).toBe(400)
      expect(body["error"]).toMatchObject({ code: "invalid_address", field: "email_address" })
    },
  )

  it.each(["姓名@例子.公司", "jürgen@müller.de", "o'neil+news@mail.example.co.uk"])("the address %s is taken", async (email_address) => {
    expect((await platform.call("POST", members, { email_address })).status).toBe(201)
  })

  it("null, numbers, long texts and unknown fields are refused and change nothing", async () => {
    const { id } = await add("a@x.com")
    for (const [body, field] of [
      [{ merge_fields: { FNAME: null } }, "merge_fields.FNAME"],
      [{ merge_fields: { FNAME: 5 } }, "merge_fields.FNAME"],
      [{ merge_fields: { FNAME: "x".repeat(256) } }, "merge_fields.FNAME"],
      [{ tags: null }, "tags"],
      [{ status: "gone" }, "status"],
      [{ colour: "red" }, "colour"],
    ] as const) {
      const answer = await platform.call("PATCH", `${members}/${String(id)}`, body)
      expect(answer.status).toBe(400)
      expect(answer.body["error"]).toMatchObject({ field })
    }
    expect((await platform.call("GET", `${members}/${String(id)}`)).body["merge_fields"]).toMatchObject({ FNAME: "" })
  })

  it("a new address gives a new id and keeps the contact id", async () => {
    const before = await add("old@x.com", { merge_fields: { FNAME: "Jo" } })
    const { body } = await platform.call("PATCH", `${members}/${md5("old@x.com")}`, { email_address: "new@x.com" })
    expect(body).toMatchObject({ id: md5("new@x.com"), contact_id: before["contact_id"], merge_fields: { FNAME: "Jo" } })
    expect((await platform.call("GET", `${members}/${md5("old@x.com")}`)).status).toBe(404)
  })

  it("an address that somebody has cannot be taken, and the answer says by whom it is held", async () => {
    await add("a@x.com")
    await add("b@x.com")
    const { status, body } = await platform.call("PATCH", `${members}/${md5("a@x.com")}`, { email_address: "B@x.com" })
    expect(status).toBe(400)
    expect(body["error"]).toMatchObject({ code: "member_exists", existing_id: md5("b@x.com") })
  })

  it("PUT adds with status_if_new, and leaves the status of one who is there", async () => {
    const url = `${members}/${md5("p@x.com")}`
    expect((await platform.call("PUT", url, { email_address: "p@x.com", status_if_new: "pending" })).body["status"]).toBe("pending")
    const again = await platform.call("PUT", url, { email_address: "p@x.com", status_if_new: "subscribed", tags: ["t"] })
    expect(again).toMatchObject({ status: 200, body: { status: "pending", tags: ["t"] } })
    const wrong = await platform.call("PUT", `${members}/${md5("other@x.com")}`, { email_address: "q@x.com" })
    expect(wrong.body["error"]).toMatchObject({ code: "hash_mismatch" })
  })

  it("DELETE archives, adding the address again brings the same contact back", async () => {
    const { contact_id } = await add("a@x.com", { merge_fields: { FNAME: "Al" } })
    const url = `${members}/${md5("a@x.com")}`
    expect((await platform.call("DELETE", url)).status).toBe(204)
    expect((await platform.call("GET", url)).body["status"]).toBe("archived")
    expect(await add("a@x.com")).toMatchObject({ status: "subscribed", contact_id })
  })

  it("a permanent delete just disappears, and the address is free for a new contact", async () => {
    const { contact_id } = await add("a@x.com")
    const url = `${members}/${md5("a@x.com")}`
    expect((await platform.call("POST", `${url}/actions/delete-permanent`)).status).toBe(204)
    expect((await platform.call("GET", url)).status).toBe(404)
    expect((await platform.call("GET", members)).body["total_items"]).toBe(0)
    expect((await add("a@x.com"))["contact_id"]).not.toBe(contact_id)
  })

  it("a write that changes nothing leaves last_changed alone", async () => {
    await add("a@x.com", { tags: ["t"] })
    await platform.call("POST", "/admin/clock", { advance_ms: 60_000 })
    const url = `${members}/${md5("a@x.com")}`
    expect((await platform.call("PATCH", url, { tags: ["t"] })).body["last_changed"]).toBe("2026-03-01T10:00:00Z")
    expect((await platform.call("PATCH", url, { tags: ["u"] })).body["last_changed"]).toBe("2026-03-01T10:01:00Z")
  })

  it("pages come in the order of change, from a second on that is part of it", async () => {
    for (const name of ["a", "b", "c"]) {
      await add(`${name}@x.com`)
      await platform.call("POST", "/admin/clock", { advance_ms: 1000 })
    }
    await platform.call("PATCH", `${members}/${md5("a@x.com")}`, { tags: ["t"] })
    const read = async (query: string) => listIn((await platform.call("GET", `${members}?${query}`)).body).map((m) => m["email_address"])
    expect(await read("count=10")).toEqual(["b@x.com", "c@x.com", "a@x.com"])
    expect(await read("count=10&since_last_changed=2026-03-01T10:00:02.900Z")).toEqual(["c@x.com", "a@x.com"])
    expect(await read("count=1&offset=1")).toEqual(["c@x.com"])
    expect(await read("count=10&sort=created")).toEqual(["a@x.com", "b@x.com", "c@x.com"])
    expect((await platform.call("GET", `${members}?count=1`)).body["total_items"]).toBe(3)
    expect((await platform.call("GET", `${members}?count=1001`)).status).toBe(400)
  })

  it("members are found by several ids, contact ids or addresses at once", async () => {
    const a = await add("a@x.com")
    const b = await add("b@x.com")
    const count = async (query: string) => (await platform.call("GET", `${members}?${query}`)).body["total_items"]
    expect(await count(`ids=${String(a["id"])},${md5("none")},${String(b["id"])}`)).toBe(2)
    expect(await count(`contact_ids=${String(a["contact_id"])}`)).toBe(1)
    expect(await count("emails=A@x.com,b@x.com")).toBe(2)
    expect((await platform.call("GET", `${members}?ids=${Array.from({ length: 501 }, (_, i) => i).join()}`)).status).toBe(400)
  })

  it("by hand, an address in the path will do for its hash", async () => {
    await add("a@x.com")
    expect((await platform.call("PATCH", `${members}/A@x.com`, { tags: ["t"] })).body).toMatchObject({ id: md5("a@x.com"), tags: ["t"] })
  })

  it("lists keep their members apart", async () => {
    await add("a@x.com")
    await platform.call("POST", "/lists/staff/members", { email_address: "a@x.com", tags: ["staff"] })
    expect((await platform.call("GET", members)).body["total_items"]).toBe(1)
    expect((await platform.call("GET", "/lists/empty/members")).body).toEqual({ list: "empty", members: [], total_items: 0 })
  })
})

describe("an account without contact ids", () => {
  it("shows none and takes none", async () => {
    const platform = await startPlatform({ exposeContactId: false })
    try {
      const { body } = await platform.call("POST", members, { email_address: "a@x.com" })
      expect(body).not.toHaveProperty("contact_id")
      expect((await platform.call("GET", `${members}?contact_ids=1`)).status).toBe(400)
      expect((await platform.call("GET", "/lists/newsletter")).body).toMatchObject({ contact_ids: false, member_count: 1 })
    } finally {
      await platform.close()
    }
  })
})
