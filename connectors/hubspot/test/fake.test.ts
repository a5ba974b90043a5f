import { afterEach, describe, expect, it } from "vitest"
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { demoToken, fake } from "../fake/index.ts"

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const T0 = Date.parse("2026-03-01T09:00:00.000Z")

const started = async (seed: JsonObject = {}) => {
  const hubspot = await fake.start({ now: () => T0, seed })
  open.push(hubspot.close)
  const call = async (
    method: string,
    path: string,
    body?: Json,
  ): Promise<{ readonly status: number; readonly headers: Headers; readonly body: JsonObject }> => {
    const answer = await fetch(`${hubspot.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${demoToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const parsed: Json = text === "" ? {} : JSON.parse(text)
    return { status: answer.status, headers: answer.headers, body: isObject(parsed) ? parsed : {} }
  }
  return { hubspot, call }
}

const contact = (id: string, properties: JsonObject, at = "2026-02-01T08:00:00Z"): JsonObject => ({ id, at, properties })
const idsOf = (body: JsonObject): readonly Json[] =>
  Array.isArray(body["results"]) ? body["results"].map((one) => (isObject(one) ? (one["id"] ?? null) : null)) : []
const input = (properties: JsonObject, trace?: string, id?: string): JsonObject => ({
  properties,
  ...(trace === undefined ? {} : { objectWriteTraceId: trace }),
  ...(id === undefined ? {} : { id }),
})

describe("a batch", () => {
  it("creates what it can and blames the rest by trace id", async () => {
    const { call } = await started({ contacts: [contact("1", { email: "ada@harbour.example" })] })
    const { status, body } = await call("POST", "/crm/v3/objects/contacts/batch/create", {
      inputs: [input({ email: "Ben@Okafor.example" }, "a"), input({ email: "ADA@harbour.example" }, "b"), input({ shoe: "44" }, "c")],
    })
    expect(status).toBe(207)
    expect(body["results"]).toMatchObject([{ objectWriteTraceId: "a", properties: { email: "ben@okafor.example" } }])
    expect(body["errors"]).toMatchObject([
      { category: "CONFLICT", message: "Contact already exists. Existing ID: 1", context: { objectWriteTraceId: ["b"] } },
      { category: "VALIDATION_ERROR", context: { objectWriteTraceId: ["c"] } },
    ])
  })

  it("is refused as a whole without trace ids, and nothing is made", async () => {
    const { call, hubspot } = await started({ contacts: [contact("1", { email: "ada@harbour.example" })] })
    const { status } = await call("POST", "/crm/v3/objects/contacts/batch/create", {
      inputs: [input({ email: "ben@okafor.example" }), input({ email: "ada@harbour.example" })],
    })
    expect([status, hubspot.world.contacts.all().length]).toEqual([409, 1])
  })

  it("updates whoever is there, and refuses all for one value that is not valid", async () => {
    const { call, hubspot } = await started({ contacts: [contact("1", { firstname: "Ada" }), contact("2", {})] })
    const partly = await call("POST", "/crm/v3/objects/contacts/batch/update", {
      inputs: [input({ firstname: "Ada K." }, "a", "1"), input({ firstname: "?" }, "b", "99")],
    })
    expect(partly.status).toBe(207)
    expect(partly.body["errors"]).toMatchObject([{ category: "OBJECT_NOT_FOUND", context: { ids: ["99"], objectWriteTraceId: ["b"] } }])
    const none = await call("POST", "/crm/v3/objects/contacts/batch/update", {
      inputs: [input({ firstname: "Later" }, "a", "1"), input({ lifecyclestage: "enemy" }, "b", "2")],
    })
    expect(none.status).toBe(400)
    expect(none.body["message"]).toContain("Property values were not valid: [{")
    expect(hubspot.world.contacts.get("1")?.item["firstname"]).toBe("Ada K.")
  })
})

describe("search", () => {
  it("shows an edit only after its lag, never the archived, and nothing past the 10 000th", async () => {
    const { call, hubspot } = await started({ contacts: [contact("1", { firstname: "Ada" }), contact("2", { firstname: "Ben" })] })
    hubspot.world.setLag(20_000)
    const search = (more: JsonObject) => call("POST", "/crm/v3/objects/contacts/search", more)
    const since = (value: number): JsonObject => ({
      filterGroups: [{ filters: [{ propertyName: "lastmodifieddate", operator: "GTE", value: String(value) }] }],
    })
    await call("PATCH", "/crm/v3/objects/contacts/1", { properties: { firstname: "Ada K." } })
    expect((await search(since(T0))).body).toMatchObject({ total: 0 })
    hubspot.clock.advance(21_000)
    expect((await search(since(T0))).body).toMatchObject({ total: 1, results: [{ id: "1" }] })
    await call("DELETE", "/crm/v3/objects/contacts/2")
    hubspot.clock.advance(21_000)
    expect(idsOf((await search({ limit: 1 })).body)).toEqual(["1"])
    expect((await search({ limit: 100, after: "9901" })).status).toBe(400)
  })

  it("is limited to four a second, and says so without Retry-After", async () => {
    const { call, hubspot } = await started()
    hubspot.clock.freeze(true)
    const answers = await Promise.all(Array.from({ length: 5 }, () => call("POST", "/crm/v3/objects/contacts/search", {})))
    const refusals = answers.filter(({ status }) => status === 429)
    expect(refusals.map(({ body, headers }) => [body["policyName"], headers.get("retry-after")])).toEqual([["SECONDLY", null]])
    expect((await call("GET", "/crm/v3/objects/contacts")).headers.get("x-hubspot-ratelimit-remaining")).toBe("99")
  })
})

describe("contacts", () => {
  it("are listed in the order of ids, page by page, the archived ones apart", async () => {
    const { call } = await started({ contacts: ["3", "1", "20"].map((id) => contact(id, {})) })
    const first = await call("GET", "/crm/v3/objects/contacts?limit=2&properties=phone")
    expect(idsOf(first.body)).toEqual(["1", "3"])
    expect(first.body["paging"]).toMatchObject({ next: { after: "3" } })
    expect(idsOf((await call("GET", "/crm/v3/objects/contacts?limit=2&after=3")).body)).toEqual(["20"])
    await call("POST", "/crm/v3/objects/contacts/batch/archive", { inputs: [{ id: "3" }, { id: "77" }] })
    const archived = await call("GET", "/crm/v3/objects/contacts?archived=true")
    expect(archived.body["results"]).toMatchObject([{ id: "3", archived: true, archivedAt: "2026-03-01T09:00:00.000Z" }])
  })

  it("answer to the ids and addresses of those that were merged into them", async () => {
    const { call, hubspot } = await started({
      contacts: [contact("1", { email: "ada@harbour.example" }), contact("2", { email: "ada@old.example", phone: "5" })],
    })
    hubspot.world.merge("contacts", "1", "2")
    expect((await call("GET", "/crm/v3/objects/contacts/2?properties=hs_merged_object_ids,phone")).body).toMatchObject({
      id: "1",
      properties: { hs_merged_object_ids: "2", phone: "5", email: "ada@harbour.example" },
    })
    const read = await call("POST", "/crm/v3/objects/contacts/batch/read", {
      idProperty: "email",
      inputs: [{ id: "ADA@old.example" }, { id: "no@one.example" }],
    })
    expect([read.status, idsOf(read.body)]).toEqual([207, ["1"]])
  })

  it("are associated with companies, of which the first shows in the contact and changes it", async () => {
    const { call } = await started({ contacts: [contact("1", {})], companies: [contact("7", { name: "Harbour" }), contact("8", {})] })
    await call("PUT", "/crm/v4/objects/contacts/1/associations/default/companies/7")
    await call("PUT", "/crm/v4/objects/contacts/1/associations/default/companies/8")
    const read = await call("POST", "/crm/v4/associations/contacts/companies/batch/read", { inputs: [{ id: "1" }] })
    expect(read.body["results"]).toMatchObject([{ from: { id: "1" }, to: [{ toObjectId: 7 }, { toObjectId: 8 }] }])
    await call("DELETE", "/crm/v4/objects/contacts/1/associations/companies/7")
    expect((await call("GET", "/crm/v3/objects/contacts/1?properties=associatedcompanyid")).body).toMatchObject({
      properties: { associatedcompanyid: "8", lastmodifieddate: "2026-03-01T09:00:00.000Z" },
    })
  })

  it("are erased for good without a trace, and their address is free again", async () => {
    const { call } = await started({ contacts: [contact("1", { email: "ada@harbour.example" })] })
    expect((await call("POST", "/crm/v3/objects/contacts/gdpr-delete", { objectId: "1" })).status).toBe(204)
    expect((await call("GET", "/crm/v3/objects/contacts/1")).status).toBe(404)
    expect(idsOf((await call("GET", "/crm/v3/objects/contacts?archived=true")).body)).toEqual([])
    expect((await call("POST", "/crm/v3/objects/contacts", { properties: { email: "ada@harbour.example" } })).status).toBe(201)
  })
})

it("a seed that is wrong is refused with its place", async () => {
  await expect(fake.start({ seed: { contacts: [contact("1", { lifecyclestage: "enemy" })] } })).rejects.toThrow(
    "seed: contacts[0]: enemy was not one of the allowed options",
  )
})
