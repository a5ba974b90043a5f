// Keap's REST v2, as far as contacts and tags go: pages by token, updates by mask, tags by id, no refusal of duplicates,
// throttles by the second and the minute that are told in headers. State in memory.
import type { Json, JsonObject } from "@syncline/connector"
import { defineFake, reads, type FakeRequest, type PeopleItem, type Row } from "@syncline/testkit/fake"
import { createKeap, listIn, objectIn, problem, show, type Keap } from "./contacts.ts"
import { addFlat, editFlat, flat } from "./flat.ts"

export const demoToken = "KeapAK-demo"

const MAX_PAGE = 1000

/** One page of a list; the token is where the next one begins. */
function page(name: string, all: readonly { readonly id: string; readonly shown: Json }[], query: URLSearchParams): Json {
  const size = Number(query.get("page_size") ?? 100)
  if (!(size >= 1 && size <= MAX_PAGE)) throw problem(400, `page_size must be between 1 and ${MAX_PAGE}`)
  const after = Number(query.get("page_token") ?? 0)
  const rest = all.filter(({ id }) => Number(id) > after).toSorted((a, b) => Number(a.id) - Number(b.id))
  const shown = rest.slice(0, size)
  return { [name]: shown.map((each) => each.shown), next_page_token: rest.length > size ? (shown.at(-1)?.id ?? "") : "" }
}

function matching(keap: Keap, filter: string): readonly Row<JsonObject>[] {
  let rows = keap.all()
  for (const part of filter.split(";").filter((each) => each !== "")) {
    const [name, value = ""] = part.split("==")
    if (name === "start_update_time") {
      const from = Date.parse(value)
      if (Number.isNaN(from)) throw problem(400, "start_update_time is no time")
      rows = rows.filter((row) => row.updatedAt >= from)
    } else if (name === "email") {
      const has = (each: Json) => String(objectIn(each)["email"]).toLowerCase() === value.toLowerCase()
      rows = rows.filter((row) => listIn(row.item["email_addresses"]).some(has))
    } else throw problem(400, `Unknown filter: ${name}`)
  }
  return rows
}

const masked = ({ query, body }: FakeRequest): JsonObject => {
  const set = objectIn(body)
  const mask = query.get("update_mask")
  if (mask === null) return set
  return Object.fromEntries(mask.split(",").map((name): [string, Json] => [name, set[name] ?? null]))
}

export const fake = defineFake<Keap>({
  name: "keap",
  title: "Keap",
  credentials: { token: demoToken },
  build: ({ clock, settings }) => {
    const keap = createKeap(clock)
    const find = (id: string | undefined): Row<JsonObject> => {
      const row = keap.find(id ?? "")
      if (row === undefined) throw problem(404, `Contact ${id} was not found`)
      return row
    }
    const tag = (on: boolean) => (request: FakeRequest) => {
      const id = request.params["id"] ?? ""
      if (!keap.tags().some((each) => each.id === id)) throw problem(404, `Tag ${id} was not found`)
      const rows = listIn(objectIn(request.body)["contact_ids"]).map((each: Json) => find(String(each)))
      for (const row of rows) keap.tag(row, id, on)
      return { status: 200, body: {}, changed: rows.length }
    }
    return {
      world: keap,
      routes: {
        "GET /contacts": reads(({ query }) => ({
          status: 200,
          body: page(
            "contacts",
            matching(keap, query.get("filter") ?? "").map((row) => ({ id: row.id, shown: show(row) })),
            query,
          ),
        })),
        "GET /contacts/:id": ({ params }) => ({ status: 200, body: show(find(params["id"])) }),
        "GET /contacts/:id/tags": ({ params, query }) => ({
          status: 200,
          body: page(
            "tags",
            keap.tagsOf(find(params["id"])).map((each) => ({ id: each.id, shown: { tag: { ...each } } })),
            query,
          ),
        }),
        "POST /contacts": ({ body }) => ({ status: 201, body: show(keap.add(objectIn(body))), changed: 1 }),
        "PATCH /contacts/:id": (request) => ({
          status: 200,
          body: show(keap.edit(find(request.params["id"]), masked(request))),
          changed: 1,
        }),
        "DELETE /contacts/:id": ({ params }) => {
          keap.remove(find(params["id"]))
          return { status: 204, changed: 1 }
        },
        "GET /tags": ({ query }) => ({
          status: 200,
          body: page(
            "tags",
            keap.tags().map((each) => ({ id: each.id, shown: { ...each } })),
            query,
          ),
        }),
        "POST /tags": ({ body }) => {
          const name = String(objectIn(body)["name"] ?? "").trim()
          if (name === "") throw problem(400, "name must not be blank")
          return { status: 201, body: { ...keap.tagNamed(name) } }
        },
        "POST /tags/:id/contacts:applyTags": tag(true),
        "POST /tags/:id/contacts:removeTags": tag(false),
      },
      gate: (request) =>
        request.headers["x-keap-api-key"] === demoToken ? undefined : { status: 401, body: { code: 16, message: "Invalid access token" } },
      // `generous`: for tests that ask more in a moment than anybody would
      windows: [
        { name: "spike", max: settings["generous"] === true ? 100_000 : 10, perMs: 1000 },
        { name: "throttle", max: settings["generous"] === true ? 100_000 : 240, perMs: 60_000 },
      ],
      tooMany: () => ({ status: 429, body: { fault: { faultstring: "Rate limit quota violation" } } }),
      headers: (usage) => ({
        "x-keap-product-throttle-limit": String(usage[1]?.max ?? 0),
        "x-keap-product-throttle-available": String(usage[1]?.remaining ?? 0),
      }),
      notFound: () => ({ status: 404, body: { code: 5, message: "Not found" } }),
      /** `{ contacts: [{ given_name, email, tags, update_time, … }] }` */
      seed: (file) => {
        const list = objectIn(file)["contacts"]
        if (!Array.isArray(list)) throw new Error("seed: an object with a list of contacts")
        for (const [at, one] of list.entries()) {
          const { update_time: updated, ...input } = objectIn(one)
          const time = Date.parse(String(updated))
          if (Number.isNaN(time)) throw new Error(`seed: contacts[${at}]: update_time is an ISO 8601 time`)
          addFlat(keap, input, time)
        }
      },
      people: {
        items: () =>
          keap.all().map((row): PeopleItem => {
            const item = flat(keap, row)
            return { id: row.id, names: [row.id, String(item["email"] ?? "")], counts: true, item }
          }),
        create: (set) => addFlat(keap, set).id,
        update: (id, set) => editFlat(keap, find(id), set),
        delete: (id) => keap.remove(find(id)),
      },
    }
  },
})
