import { describe, expect, test } from "vitest"
import { listOf, startTestCrm } from "../running-crm.ts"

describe("a contact", () => {
  test("is kept as it was given, fields of the owner's own making included", async () => {
    const crm = await startTestCrm()
    const given = {
      first_name: " Zoë ",
      last_name: "",
      email: "ZOE@Example.COM ",
      phone: "０４０-12",
      account: { name: "Ünïcode & Söhne", vat: "DE1" },
      labels: ["b", "a", "b"],
      stage: "customer",
      email_opt_out: true,
      score: 1.5,
      héros: { deep: [1, { x: null }] },
      text_of_digits: "00123",
    }
    const created = await crm.call("POST", "/contacts", { json: given })
    expect(created.status).toBe(201)
    expect(created.body).toMatchObject({ ...given, revision: 1 })
    expect(created.headers.get("location")).toBe(`/contacts/${String(created.body["id"])}`)
    const read = await crm.call("GET", String(created.headers.get("location")))
    expect(read.text).toBe(created.text)
  })

  test("has every standard field, also those nobody filled in", async () => {
    const crm = await startTestCrm()
    const { body } = await crm.call("POST", "/contacts", { json: {} })
    expect(body).toMatchObject({ first_name: null, email: null, account: { name: null }, labels: [], stage: "lead", email_opt_out: false })
  })

  test("knows when each of its fields was last changed", async () => {
    let now = Date.parse("2026-01-01T00:00:00.001Z")
    const crm = await startTestCrm({ now: () => now })
    const id = await crm.add({ first_name: "Ada", account: { name: "A", city: "X" } })
    now += 1
    const patched = await crm.call("PATCH", `/contacts/${id}`, { json: { account: { name: "B" }, email: null, first_name: "Ada" } })
    expect(patched.body).toMatchObject({
      account: { name: "B", city: "X" },
      created_at: "2026-01-01T00:00:00.001Z",
      updated_at: "2026-01-01T00:00:00.002Z",
      field_times: {
        "account.name": "2026-01-01T00:00:00.002Z",
        "account.city": "2026-01-01T00:00:00.001Z",
        first_name: "2026-01-01T00:00:00.001Z",
      },
    })
    expect(patched.headers.get("date")).toBe("Thu, 01 Jan 2026 00:00:00 GMT")
  })

  test("is cleared by null, field by field", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({ phone: "1", labels: ["a"], account: { name: "A" }, custom: 1 })
    const { body } = await crm.call("PATCH", `/contacts/${id}`, {
      json: { phone: null, labels: null, account: { name: null }, custom: null },
      headers: { "content-type": "application/merge-patch+json" },
    })
    expect(body).toMatchObject({ phone: null, labels: [], account: { name: null } })
    expect(body).not.toHaveProperty("custom")
  })

  test("stays as it is, with its revision, where a patch changes nothing", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({ phone: "1" })
    const patched = await crm.call("PATCH", `/contacts/${id}`, { json: { phone: "1", labels: [] } })
    expect([patched.status, patched.headers.get("etag")]).toEqual([200, '"r1"'])
    expect((await crm.call("GET", "/changes/head")).body["seq"]).toBe(1)
  })

  test("is refused with one message per bad field", async () => {
    const crm = await startTestCrm()
    const json = { first_name: 1, account: { name: 2 }, labels: "a", email_opt_out: "yes", id: "mine", updated_at: "now" }
    const { status, headers, body } = await crm.call("POST", "/contacts", { json })
    expect(status).toBe(422)
    expect(headers.get("content-type")).toContain("application/problem+json")
    const errors = listOf({ status, headers, body, text: "" }, "errors")
    expect(errors.map((error) => error["path"])).toEqual(["first_name", "account.name", "labels", "email_opt_out", "id", "updated_at"])
    expect(body).toMatchObject({ type: "/problems/invalid-contact", status: 422 })
  })

  test("that was deleted answers 410, one that never was 404", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({})
    expect((await crm.call("DELETE", `/contacts/${id}`)).status).toBe(204)
    expect((await crm.call("GET", `/contacts/${id}`)).body).toMatchObject({ code: "gone", status: 410 })
    expect((await crm.call("DELETE", `/contacts/${id}`)).status).toBe(410)
    expect((await crm.call("GET", "/contacts/never")).status).toBe(404)
  })
})

test("two contacts may share an address, unless the server was told otherwise", async () => {
  const crm = await startTestCrm()
  await crm.add({ email: "a@x.com" })
  await crm.add({ email: "A@x.com " })
  const strict = await startTestCrm({ uniqueEmail: true })
  const id = await strict.add({ email: "a@x.com" })
  const other = await strict.add({ email: "b@x.com" })
  const refused = await strict.call("POST", "/contacts", { json: { email: " A@X.com" } })
  expect(refused.body).toMatchObject({ status: 409, code: "duplicate", existing_id: id })
  expect((await strict.call("PATCH", `/contacts/${other}`, { json: { email: "a@x.com" } })).status).toBe(409)
  expect((await strict.call("PATCH", `/contacts/${id}`, { json: { email: "A@x.com" } })).status).toBe(200)
})

describe("lists", () => {
  test("page through every contact once, even while contacts come and go", async () => {
    const crm = await startTestCrm()
    const ids: string[] = []
    for (let n = 0; n < 7; n++) ids.push(await crm.add({ first_name: `P${n}` }))
    const seen: unknown[] = []
    let token: unknown = null
    do {
      const page = await crm.call("GET", `/contacts?limit=2${token === null ? "" : `&page_token=${String(token)}`}`)
      seen.push(...listOf(page, "contacts").map((contact) => contact["id"]))
      token = page.body["next_page_token"]
      if (seen.length === 4) await crm.call("DELETE", `/contacts/${ids[1] ?? ""}`)
      if (seen.length === 4) ids.push(await crm.add({ first_name: "late" }))
    } while (token !== null)
    expect(seen).toEqual(ids)
  })

  test("tell the total, select fields, and filter by time", async () => {
    let now = 1_800_000_000_000
    const crm = await startTestCrm({ now: () => now })
    await crm.add({ first_name: "old", account: { name: "A", city: "B" } })
    now += 1000
    await crm.add({ first_name: "new" })
    const all = await crm.call("GET", "/contacts?limit=1&fields=account.name,first_name")
    expect(all.body["total"]).toBe(2)
    expect(Object.keys(listOf(all, "contacts")[0] ?? {}).sort()).toEqual(["account", "first_name", "id", "revision", "updated_at"])
    expect(listOf(all, "contacts")[0]?.["account"]).toEqual({ name: "A" })
    const since = await crm.call("GET", `/contacts?updated_since=${encodeURIComponent(new Date(now).toISOString())}`)
    expect(listOf(since, "contacts").map((contact) => contact["first_name"])).toEqual(["new"])
    expect(since.body["total"]).toBe(1)
  })

  test.each(["limit=0", "limit=1001", "limit=x", "page_token=abc", "updated_since=yesterday", "limit=1&limit=2"])(
    "refuse %s with a problem",
    async (query) => {
      const crm = await startTestCrm()
      const { status, headers } = await crm.call("GET", `/contacts?${query}`)
      expect([status, headers.get("content-type")]).toEqual([400, "application/problem+json; charset=utf-8"])
    },
  )

  test("find many contacts by id and address in one call, and name what is missing", async () => {
    const crm = await startTestCrm()
    const ada = await crm.add({ email: "Ada@X.com" })
    const twin = await crm.add({ email: " ada@x.com" })
    const gone = await crm.add({})
    await crm.call("DELETE", `/contacts/${gone}`)
    const found = await crm.call("POST", "/contacts/search", {
      json: { emails: ["ADA@x.com", "nobody@x.com", ""], ids: [twin, gone, "never"] },
    })
    expect(
      listOf(found, "contacts")
        .map((contact) => contact["id"])
        .sort(),
    ).toEqual([ada, twin].sort())
    expect(found.body["missing"]).toEqual([
      { id: gone, reason: "gone" },
      { id: "never", reason: "not-found" },
    ])
    expect(listOf(await crm.call("GET", `/contacts?ids=${ada},${gone}`), "contacts")).toHaveLength(1)
    expect(listOf(await crm.call("GET", "/contacts?email=ada%40X.com"), "contacts")).toHaveLength(2)
    expect((await crm.call("POST", "/contacts/search", { json: { ids: Array.from({ length: 201 }, String) } })).status).toBe(422)
  })
})

test("an address that a crowd shares does not hide the contact of another", async () => {
  const crm = await startTestCrm()
  await crm.call("POST", "/admin/seed", { json: Array.from({ length: 1200 }, () => ({ email: "info@x.com" })) })
  await crm.add({ email: "rare@x.com" })
  const both = listOf(await crm.call("POST", "/contacts/search", { json: { emails: ["info@x.com", "rare@x.com"] } }), "contacts")
  expect([both.length, both.at(-1)?.["email"]]).toEqual([21, "rare@x.com"])
})

test("bodies that are not JSON, of another type, or missing are refused with a problem", async () => {
  const crm = await startTestCrm()
  const json = { "content-type": "application/json" }
  expect((await crm.call("POST", "/contacts", { text: "{", headers: json })).body).toMatchObject({ status: 400, code: "bad-request" })
  expect((await crm.call("POST", "/contacts", { text: "a", headers: { "content-type": "text/plain" } })).status).toBe(415)
  expect((await crm.call("POST", "/contacts", { text: "", headers: json })).status).toBe(422)
  expect((await crm.call("POST", "/contacts", { text: '{"__proto__":{"x":1}}', headers: json })).status).toBe(400)
  expect((await crm.call("POST", "/contacts", { text: `{"a":${"[".repeat(50)}${"]".repeat(50)}}`, headers: json })).status).toBe(422)
  expect(
    (await crm.call("POST", "/contacts", { text: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } })).status,
  ).toBe(415)
  const put = await crm.call("PUT", "/contacts/x", { json: {} })
  expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD, PATCH, DELETE"])
  expect((await crm.call("GET", "/nothing")).body).toMatchObject({ status: 404, code: "no-such-route" })
})
