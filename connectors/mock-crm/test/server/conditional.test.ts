import { describe, expect, test } from "vitest"
import { startTestCrm } from "../running-crm.ts"

const ifNone = (value: string) => ({ headers: { "if-none-match": value } })
const ifMatch = (value: string) => ({ headers: { "if-match": value } })

describe("reading a contact with If-None-Match", () => {
  test.each([
    ["the current tag", '"r1"', 304],
    ["the current tag, weak", 'W/"r1"', 304],
    ["a list with the current tag", '"x", W/"y", "r1"', 304],
    ["a star", "*", 304],
    ["another tag", '"r0"', 200],
    ["a list of other tags", '"r0", W/"r2"', 200],
    ["an unquoted tag", "r1", 400],
    ["a star in a list", '*, "r1"', 400],
  ])("%s answers as the standard says", async (_name, value, status) => {
    const crm = await startTestCrm()
    const id = await crm.add({ first_name: "Ada" })
    for (const method of ["GET", "HEAD"]) expect((await crm.call(method, `/contacts/${id}`, ifNone(value))).status).toBe(status)
  })

  test("a 304 has no body, and the fields that a 200 would have had", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({ first_name: "Ada" })
    const full = await crm.call("GET", `/contacts/${id}`)
    for (const method of ["GET", "HEAD"]) {
      const { text, headers } = await crm.call(method, `/contacts/${id}`, ifNone('W/"r1"'))
      expect([text, headers.get("content-type")]).toEqual(["", null])
      for (const name of ["etag", "cache-control", "vary"]) expect(headers.get(name)).toBe(full.headers.get(name))
      expect(headers.get("date")).not.toBeNull()
    }
  })

  test("a change makes the old tag useless and the new one good", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({ first_name: "Ada" })
    const patched = await crm.call("PATCH", `/contacts/${id}`, { json: { first_name: "Ida" } })
    expect(patched.headers.get("etag")).toBe('"r2"')
    expect((await crm.call("GET", `/contacts/${id}`, ifNone('"r1"'))).status).toBe(200)
    expect((await crm.call("GET", `/contacts/${id}`, ifNone('"r2"'))).status).toBe(304)
  })

  test("a selection of fields is another representation with a tag of its own", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({ first_name: "Ada" })
    const selected = await crm.call("GET", `/contacts/${id}?fields=first_name`)
    const tag = selected.headers.get("etag") ?? ""
    expect(tag).not.toBe('"r1"')
    expect((await crm.call("GET", `/contacts/${id}?fields=first_name`, ifNone(tag))).status).toBe(304)
    expect((await crm.call("GET", `/contacts/${id}`, ifNone(tag))).status).toBe(200)
  })

  test("a contact that is not there stays a 404, whatever is asked", async () => {
    const crm = await startTestCrm()
    expect((await crm.call("GET", "/contacts/none", ifNone("*"))).status).toBe(404)
    expect((await crm.call("GET", "/contacts/none", ifMatch("*"))).status).toBe(404)
  })
})

test("If-Match guards reading too, and goes before If-None-Match", async () => {
  const crm = await startTestCrm()
  const id = await crm.add({})
  expect((await crm.call("GET", `/contacts/${id}`, ifMatch('"r1"'))).status).toBe(200)
  expect((await crm.call("GET", `/contacts/${id}`, ifMatch('"r2"'))).status).toBe(412)
  expect((await crm.call("GET", `/contacts/${id}`, { headers: { "if-match": '"r2"', "if-none-match": '"r1"' } })).status).toBe(412)
  expect((await crm.call("GET", `/contacts/${id}`, { headers: { "if-match": '"r1"', "if-none-match": '"r1"' } })).status).toBe(304)
})

describe("writing with preconditions", () => {
  test.each([
    ["If-Match: the current tag", ifMatch('"r1"'), true],
    ["If-Match: a list with it", ifMatch('"r9", "r1"'), true],
    ["If-Match: a star", ifMatch("*"), true],
    ["If-Match: another tag", ifMatch('"r9"'), false],
    ["If-Match: the current tag, weak", ifMatch('W/"r1"'), false],
    ["If-Match: a list of weak tags", ifMatch('W/"r1", W/"r9"'), false],
    ["If-None-Match: another tag", ifNone('"r9"'), true],
    ["If-None-Match: the current tag", ifNone('"r1"'), false],
    ["If-None-Match: the current tag, weak", ifNone('W/"r1"'), false],
    ["If-None-Match: a star", ifNone("*"), false],
  ])("%s", async (_name, condition, passes) => {
    const crm = await startTestCrm()
    const id = await crm.add({ first_name: "Ada" })
    const patched = await crm.call("PATCH", `/contacts/${id}`, { json: { first_name: "Ida" }, ...condition })
    expect(patched.status).toBe(passes ? 200 : 412)
    const now = await crm.call("GET", `/contacts/${id}`)
    expect(now.body["first_name"]).toBe(passes ? "Ida" : "Ada")
    const other = await crm.add({})
    expect((await crm.call("DELETE", `/contacts/${other}`, condition)).status).toBe(passes ? 204 : 412)
    expect((await crm.call("GET", `/contacts/${other}`)).status).toBe(passes ? 410 : 200)
  })

  test("a refused write says which tag the contact has now", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({})
    const refused = await crm.call("PATCH", `/contacts/${id}`, { json: {}, ...ifMatch('"r9"') })
    expect(refused.body).toMatchObject({ code: "precondition-failed", current: { id, etag: '"r1"', revision: 1 }, gone: false })
  })

  test("If-Match on a contact that is missing fails, and says whether it was ever there", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({})
    await crm.call("DELETE", `/contacts/${id}`)
    for (const condition of [ifMatch("*"), ifMatch('"r1"')]) {
      const gone = await crm.call("PATCH", `/contacts/${id}`, { json: {}, ...condition })
      expect(gone.status).toBe(412)
      expect(gone.body).toMatchObject({ current: null, gone: true })
      const never = await crm.call("DELETE", "/contacts/none", condition)
      expect(never.status).toBe(412)
      expect(never.body).toMatchObject({ current: null, gone: false })
    }
    expect((await crm.call("PATCH", `/contacts/${id}`, { json: {} })).status).toBe(410)
    expect((await crm.call("PATCH", "/contacts/none", { json: {} })).status).toBe(404)
  })

  test("a mistyped If-Match is refused instead of ignored", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({ first_name: "Ada" })
    const answer = await crm.call("PATCH", `/contacts/${id}`, { json: { first_name: "Ida" }, ...ifMatch("r1") })
    expect(answer.status).toBe(400)
    expect((await crm.call("GET", `/contacts/${id}`)).body["first_name"]).toBe("Ada")
  })
})

describe("collections", () => {
  test("a page that did not change costs a 304, and any change inside it brings it back", async () => {
    const crm = await startTestCrm()
    const id = await crm.add({ first_name: "Ada" })
    const page = await crm.call("GET", "/contacts?limit=10")
    const tag = page.headers.get("etag") ?? ""
    expect(tag).toMatch(/^"[^"]+"$/)
    expect((await crm.call("GET", "/contacts?limit=10", ifNone(`"other", W/${tag}`))).status).toBe(304)
    expect((await crm.call("HEAD", "/contacts?limit=10", ifNone("*"))).status).toBe(304)
    await crm.call("PATCH", `/contacts/${id}`, { json: { phone: "1" } })
    expect((await crm.call("GET", "/contacts?limit=10", ifNone(tag))).status).toBe(200)
  })

  test("a quiet end of the change log costs a 304 until something happens", async () => {
    const crm = await startTestCrm()
    await crm.add({})
    const quiet = await crm.call("GET", "/changes?since=1")
    expect(quiet.body).toEqual({ changes: [], next_since: 1, has_more: false })
    const tag = quiet.headers.get("etag") ?? ""
    const again = await crm.call("GET", "/changes?since=1", ifNone(tag))
    expect([again.status, again.text, again.headers.get("etag")]).toEqual([304, "", tag])
    await crm.add({})
    expect((await crm.call("GET", "/changes?since=1", ifNone(tag))).status).toBe(200)
  })

  test("HEAD tells length and tag of what GET would send", async () => {
    const crm = await startTestCrm()
    await crm.add({ first_name: "Zoë" })
    for (const path of ["/contacts", "/changes", "/changes/head"]) {
      const got = await crm.call("GET", path)
      const head = await crm.call("HEAD", path)
      expect([head.status, head.text, head.headers.get("etag")]).toEqual([200, "", got.headers.get("etag")])
      expect(head.headers.get("content-length")).toBe(String(Buffer.byteLength(got.text)))
    }
  })
})
