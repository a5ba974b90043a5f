// HighLevel's API 2.0, as far as contacts and tags go: a search with a place to go on from, which is an index and behind,
// duplicates that are refused by name, tags one by one, 100 calls in ten seconds. State in memory.
import type { Json, JsonObject } from "@syncline/connector"
import { bearerOf, defineFake, reads, type FakeRequest, type PeopleItem, type Row } from "@syncline/testkit/fake"
import { createContacts, objectIn, problem, show, tagsIn, type Contacts } from "./contacts.ts"

export const demoToken = "pit-highlevel-demo"
export const demoLocation = "ve9EPM428h8vShlRW1KT"

const MAX_PAGE = 500

/** `[time, id]` of a contact in the order that was asked for. */
const placeOf = (row: Row<JsonObject>, field: string): readonly [number, string] => [
  field === "dateUpdated" ? row.updatedAt : row.createdAt,
  row.id,
]

const before = (a: readonly [number, string], b: readonly [number, string]): boolean => a[0] < b[0] || (a[0] === b[0] && a[1] < b[1])

function search(contacts: Contacts, body: JsonObject): Json {
  const limit = Number(body["pageLimit"] ?? 20)
  if (limit > MAX_PAGE) throw problem(422, `pageLimit must not be greater than ${MAX_PAGE}`)
  const sort: Json | undefined = Array.isArray(body["sort"]) ? body["sort"][0] : undefined
  const field = objectIn(sort ?? null)["field"] === "dateUpdated" ? "dateUpdated" : "dateAdded"
  const filter: Json | undefined = Array.isArray(body["filters"]) ? body["filters"][0] : undefined
  const from = Date.parse(String(objectIn(objectIn(filter ?? null)["value"] ?? null)["gte"] ?? "1970-01-01"))
  const after = body["searchAfter"]
  const found = contacts
    .indexed()
    .filter((row) => row.updatedAt >= from)
    .toSorted((a, b) => (before(placeOf(a, field), placeOf(b, field)) ? -1 : 1))
  const place = Array.isArray(after) ? ([Number(after[0]), String(after[1])] as const) : null
  const page = found.filter((row) => place === null || before(place, placeOf(row, field))).slice(0, limit)
  return { contacts: page.map((row) => ({ ...show(row, demoLocation), searchAfter: [...placeOf(row, field)] })), total: found.length }
}

export const fake = defineFake<Contacts>({
  name: "highlevel",
  title: "HighLevel",
  credentials: { token: demoToken, location: demoLocation },
  build: ({ clock, settings }) => {
    const contacts = createContacts(clock)
    const find = (id: string | undefined): Row<JsonObject> => {
      const row = contacts.find(id ?? "")
      if (row === undefined) throw problem(400, `Contact with id ${id} not found`)
      return row
    }
    const tag = (on: boolean) => (request: FakeRequest) => {
      const row = contacts.tag(find(request.params["id"]), tagsIn(objectIn(request.body)["tags"]), on)
      return { status: on ? 201 : 200, body: { tags: row.item["tags"] ?? [] }, changed: 1 }
    }
    return {
      world: contacts,
      routes: {
        "GET /locations/:id": ({ params }) => ({ status: 200, body: { location: { id: params["id"] ?? "", name: "Harbour" } } }),
        "POST /contacts/search": reads(({ body }) => ({ status: 200, body: search(contacts, objectIn(body)) })),
        "GET /contacts/search/duplicate": ({ query }) => {
          const row = contacts.byEmail(query.get("email") ?? "")
          return { status: 200, body: { contact: row === undefined ? null : show(row, demoLocation) } }
        },
        "GET /contacts/:id": ({ params }) => ({ status: 200, body: { contact: show(find(params["id"]), demoLocation) } }),
        "POST /contacts/": ({ body }) => {
          if (objectIn(body)["locationId"] !== demoLocation) throw problem(403, "The token does not have access to this location.")
          return { status: 201, body: { contact: show(contacts.add(objectIn(body)), demoLocation) }, changed: 1 }
        },
        "PUT /contacts/:id": ({ params, body }) => ({
          status: 200,
          body: { succeded: true, contact: show(contacts.edit(find(params["id"]), objectIn(body)), demoLocation) },
          changed: 1,
        }),
        "DELETE /contacts/:id": ({ params }) => {
          contacts.remove(find(params["id"]))
          return { status: 200, body: { succeded: true }, changed: 1 }
        },
        "POST /contacts/:id/tags": tag(true),
        "DELETE /contacts/:id/tags": tag(false),
      },
      gate: (request) => {
        if (bearerOf(request) !== demoToken) return { status: 401, body: { statusCode: 401, message: "Invalid Private Integration token" } }
        return request.headers["version"] === undefined
          ? { status: 401, body: { statusCode: 401, message: "version header was not found." } }
          : undefined
      },
      // `generous`: for tests that ask more in a moment than anybody would
      windows: [{ name: "burst", max: settings["generous"] === true ? 100_000 : 100, perMs: 10_000 }],
      tooMany: () => ({ status: 429, body: { statusCode: 429, message: "Too Many Requests" } }),
      headers: (usage) => ({
        "x-ratelimit-max": String(usage[0]?.max ?? 0),
        "x-ratelimit-remaining": String(usage[0]?.remaining ?? 0),
        "x-ratelimit-interval-milliseconds": "10000",
      }),
      notFound: () => ({ status: 404, body: { statusCode: 404, message: "Cannot find the path" } }),
      /** `{ contacts: [{ firstName, email, dateUpdated, … }] }` */
      seed: (file) => {
        const list = objectIn(file)["contacts"]
        if (!Array.isArray(list)) throw new Error("seed: an object with a list of contacts")
        for (const [at, one] of list.entries()) {
          const { dateUpdated, ...input } = objectIn(one ?? null)
          const time = Date.parse(String(dateUpdated))
          if (Number.isNaN(time)) throw new Error(`seed: contacts[${at}]: dateUpdated is an ISO 8601 time`)
          contacts.add(input, time)
        }
      },
      people: {
        items: () =>
          contacts.all().map((row): PeopleItem => ({
            id: row.id,
            names: [row.id, String(row.item["email"] ?? "")],
            counts: true,
            item: show(row, demoLocation),
          })),
        create: (set) => contacts.add(set).id,
        update: (id, set) => void contacts.edit(find(id), set),
        delete: (id) => contacts.remove(find(id)),
      },
    }
  },
})
