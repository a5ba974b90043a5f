import { afterEach, describe, expect, it } from "vitest"
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { demoKey, demoList, fake } from "../fake/index.ts"

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const LIST = `/3.0/lists/${demoList}`
const T0 = Date.parse("2026-03-01T09:00:00.000Z")

const member = (email: string, more: JsonObject = {}): JsonObject => ({
  email_address: email,
  last_changed: "2026-02-01T08:00:00+00:00",
  ...more,
})

const started = async (...members: JsonObject[]) => {
  const mailchimp = await fake.start({ now: () => T0, seed: { members } })
  open.push(mailchimp.close)
  const call = async (
    method: string,
    path: string,
    body?: Json,
  ): Promise<{ readonly status: number; readonly type: string | null; readonly body: JsonObject }> => {
    const answer = await fetch(`${mailchimp.url}${LIST}${path}`, {
      method,
      headers: { authorization: `Basic ${Buffer.from(`x:${demoKey}`).toString("base64")}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const parsed: Json = text.startsWith("{") ? JSON.parse(text) : {}
    return { status: answer.status, type: answer.headers.get("content-type"), body: isObject(parsed) ? parsed : {} }
  }
  return { mailchimp, call }
}

describe("a member", () => {
  it("is found by hash, address and contact_id, of which only the last stays when the address changes", async () => {
    const { call } = await started(member("Urist@Fortress.example", { merge_fields: { FNAME: " Urist " }, tags: ["dwarf"] }))
    const byAddress = await call("GET", "/members/urist@fortress.example")
    expect(byAddress.body).toMatchObject({
      email_address: "Urist@Fortress.example",
      merge_fields: { FNAME: "Urist" },
      tags: [{ name: "dwarf" }],
    })
    const { id, contact_id: contactId } = byAddress.body
    const renamed = await call("PATCH", `/members/${String(contactId)}`, { email_address: "urist@cavern.example" })
    expect(renamed.body).toMatchObject({ contact_id: contactId, last_changed: "2026-03-01T09:00:00+00:00" })
    expect(renamed.body["id"]).not.toBe(id)
    expect((await call("GET", `/members/${String(id)}`)).status).toBe(404)
  })

  it("keeps its time when a write changes nothing, loses merge fields that the audience lacks, and takes tags apart", async () => {
    const { call } = await started(member("ada@harbour.example", { merge_fields: { FNAME: "Ada" }, tags: ["a", "b"] }))
    const same = await call("PATCH", "/members/ada@harbour.example", { merge_fields: { FNAME: "Ada", SHOE: "44" }, tags: ["z"] })
    expect(same.body).toMatchObject({
      last_changed: "2026-02-01T08:00:00+00:00",
      merge_fields: { FNAME: "Ada" },
      tags: [{ name: "a" }, { name: "b" }],
    })
    expect(
      (
        await call("POST", "/members/ada@harbour.example/tags", {
          tags: [
            { name: "a", status: "inactive" },
            { name: "c", status: "active" },
          ],
        })
      ).status,
    ).toBe(204)
    expect((await call("GET", "/members/ada@harbour.example")).body).toMatchObject({
      tags: [{ name: "b" }, { name: "c" }],
      last_changed: "2026-03-01T09:00:00+00:00",
    })
  })

  it("who left by itself may not be subscribed in its name, only be asked", async () => {
    const { call, mailchimp } = await started(member("ada@harbour.example"))
    const [item] = mailchimp.people?.items() ?? []
    mailchimp.people?.update(item?.id ?? "", { status: "unsubscribed" })
    const again = await call("PUT", "/members/ada@harbour.example", { status: "subscribed" })
    expect([again.status, again.body["title"]]).toEqual([400, "Member In Compliance State"])
    expect((await call("PUT", "/members/ada@harbour.example", { status: "pending" })).body).toMatchObject({ status: "pending" })
  })

  it("is archived and comes back, or is forgotten and may not be imported again", async () => {
    const { call } = await started(member("ada@harbour.example"), member("ben@okafor.example"))
    expect((await call("DELETE", "/members/ada@harbour.example")).status).toBe(204)
    expect((await call("GET", "/members/ada@harbour.example")).body).toMatchObject({ status: "archived" })
    expect((await call("DELETE", "/members/ada@harbour.example")).status).toBe(405)
    expect((await call("POST", "/members", { email_address: "ada@harbour.example", status: "subscribed" })).body).toMatchObject({
      status: "subscribed",
    })
    expect((await call("POST", "/members/ben@okafor.example/actions/delete-permanent")).status).toBe(204)
    expect((await call("GET", "/members/ben@okafor.example")).status).toBe(404)
    const back = await call("POST", "/members", { email_address: "ben@okafor.example", status: "subscribed" })
    expect([back.status, back.body["title"]]).toEqual([400, "Forgotten Email Not Subscribed"])
  })
})

describe("a batch", () => {
  it("adds members and blames the rest by their address", async () => {
    const { call } = await started(member("ada@harbour.example"))
    const { status, body } = await call("POST", "", {
      members: [
        { email_address: "Ben@Okafor.example", status: "subscribed", tags: ["new"] },
        { email_address: "ADA@harbour.example", status: "subscribed" },
        { email_address: "nonsense", status: "subscribed" },
        { email_address: "ben@okafor.example", status: "subscribed" },
      ],
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      total_created: 1,
      error_count: 3,
      new_members: [{ email_address: "Ben@Okafor.example", tags: [{ name: "new" }] }],
    })
    expect(body["errors"]).toMatchObject([
      { email_address: "ADA@harbour.example", error_code: "ERROR_CONTACT_EXISTS" },
      {
        email_address: "nonsense",
        error_code: "ERROR_GENERIC",
        error: "nonsense looks fake or invalid, please enter a real email address.",
      },
      { email_address: "ben@okafor.example", error_code: "ERROR_GENERIC" },
    ])
  })

  it("updates whoever is there if it may, and replaces tags only if it is told to", async () => {
    const { call } = await started(member("ada@harbour.example", { tags: ["a"] }))
    const update = (more: JsonObject) =>
      call("POST", "", { members: [{ email_address: "ada@harbour.example", tags: ["b"] }], update_existing: true, ...more })
    expect((await update({})).body).toMatchObject({ total_updated: 1, updated_members: [{ tags: [{ name: "a" }, { name: "b" }] }] })
    expect((await update({ sync_tags: true })).body).toMatchObject({ updated_members: [{ tags: [{ name: "b" }] }] })
  })
})

describe("the list of members", () => {
  it("is paged by offset, also by the last change to the second, with the fields that were asked for", async () => {
    const { call } = await started(
      ...["a", "b", "c"].map((name, at) => member(`${name}@x.example`, { last_changed: `2026-02-01T08:00:0${at}Z` })),
    )
    const page = await call(
      "GET",
      "/members?count=1&offset=1&sort_field=last_changed&sort_dir=DESC&since_last_changed=2026-02-01T08:00:01Z&fields=members.email_address,total_items",
    )
    expect(page.body).toEqual({ members: [{ email_address: "b@x.example" }], total_items: 2 })
    expect((await call("GET", "/members?count=1001")).status).toBe(400)
  })

  it("is refused with a bare 403 where somebody asks too much", async () => {
    const { call, mailchimp } = await started()
    mailchimp.faults.order({ kind: "rate-limit", times: 1 })
    const refusal = await call("GET", "/members")
    expect([refusal.status, refusal.type]).toEqual([403, "text/html"])
  })
})
