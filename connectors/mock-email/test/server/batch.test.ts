import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { listIn, members, startPlatform, type Platform } from "../platform.ts"

describe("a batch", () => {
  let platform: Platform
  beforeAll(async () => {
    platform = await startPlatform()
  })
  afterAll(() => platform.close())
  beforeEach(async () => {
    await platform.call("POST", "/admin/reset")
    await platform.call("POST", members, { email_address: "there@x.com", merge_fields: { FNAME: "Tess" } })
  })
  const batch = (items: object[], more = {}) =>
    platform.call("POST", "/lists/newsletter/batch", { members: JSON.parse(JSON.stringify(items)), ...more })

  it("carries out what it can and tells by address what it cannot", async () => {
    const { status, body } = await batch([
      { email_address: "New@x.com", status: "subscribed" },
      { email_address: "not an address" },
      { email_address: "there@x.com", merge_fields: { FNAME: "Stranger" } },
      { match: "THERE@x.com", merge_fields: { LNAME: "Ray" } },
      { match: "nobody@x.com", tags: [] },
    ])
    expect(status).toBe(200)
    expect(body).toMatchObject({ total_created: 1, total_updated: 1, error_count: 3 })
    expect(listIn(body, "errors").map((error) => [error["email_address"], error["error_code"]])).toEqual([
      ["not an address", "invalid_address"],
      ["there@x.com", "member_exists"],
      ["nobody@x.com", "member_not_found"],
    ])
    expect(listIn(body, "updated_members")[0]).toMatchObject({ merge_fields: { FNAME: "Tess", LNAME: "Ray" } })
  })

  it("with update_existing an item without match changes the one who has the address", async () => {
    const { body } = await batch([{ email_address: "there@x.com", merge_fields: { FNAME: "Theresa" } }], { update_existing: true })
    expect(body).toMatchObject({ total_created: 0, total_updated: 1, error_count: 0 })
  })

  it("changes addresses by match or contact id, and refuses a pair that does not belong together", async () => {
    const { body } = await platform.call("POST", members, { email_address: "two@x.com" })
    const contact_id = body["contact_id"]
    const result = await batch([
      { match: "there@x.com", email_address: "moved@x.com" },
      { contact_id, match: "moved@x.com", tags: ["wrong"] },
      { contact_id, match: "two@x.com", email_address: "2@x.com" },
    ])
    expect(listIn(result.body, "updated_members").map((member) => member["email_address"])).toEqual(["moved@x.com", "2@x.com"])
    expect(listIn(result.body, "errors")).toMatchObject([{ email_address: "moved@x.com", error_code: "member_not_found" }])
    const byContact = await batch([
      { contact_id, tags: ["t"] },
      { contact_id: "nobody", tags: ["t"] },
    ])
    expect(byContact.body).toMatchObject({ total_updated: 1, errors: [{ email_address: "nobody" }] })
  })

  it("archives, and brings an archived member back when the address is added again", async () => {
    await batch([{ match: "there@x.com", status: "archived" }])
    const { body } = await batch([{ email_address: "there@x.com", status: "subscribed" }])
    expect(body).toMatchObject({ total_created: 1, error_count: 0 })
    expect(listIn(body, "new_members")[0]).toMatchObject({ status: "subscribed", merge_fields: { FNAME: "Tess" } })
  })

  it("of more than 500 is refused as a whole", async () => {
    const { status } = await batch(Array.from({ length: 501 }, (_, i) => ({ email_address: `p${i}@x.com` })))
    expect(status).toBe(400)
    expect((await platform.call("GET", members)).body["total_items"]).toBe(1)
  })
})
