// Ghost's Admin API, as far as its members go: tokens signed with the admin key, filters in its query language, one write a
// request, labels and newsletters replaced whole, deletes that leave no trace. State in memory.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { defineFake, refused, type FakeAnswer, type FakeRequest, type PeopleItem } from "@syncline/testkit/fake"
import { filterOf } from "./filter.ts"
import { createMembers, show, type Member, type Members } from "./members.ts"
import { problem } from "./problem.ts"
import { gate } from "./token.ts"

export const demoKey = "6500000000000000000000aa:0101010101010101010101010101010101010101010101010101010101010101"

const MAX_LIMIT = 100

const inputIn = (body: Json): JsonObject => {
  const list = isObject(body) ? body["members"] : undefined
  const first: Json | undefined = Array.isArray(list) ? list[0] : undefined
  if (!isObject(first))
    throw refused(
      400,
      problem(400, "BadRequestError", "Request not understood error, cannot save member.", "No root key ('members') provided.").body,
    )
  return first
}

function browse(members: Members, { query }: FakeRequest): FakeAnswer {
  const holds = filterOf(query.get("filter"))
  const found = members.all().map(show).filter(holds)
  const [field = "created_at", way = "desc"] = (query.get("order") ?? "created_at desc").split(" ")
  const sign = way === "asc" ? 1 : -1
  found.sort((a, b) => (String(a[field]) < String(b[field]) ? -sign : String(a[field]) > String(b[field]) ? sign : 0))
  const limit = Math.min(Number(query.get("limit") ?? 15), MAX_LIMIT)
  const page = Number(query.get("page") ?? 1)
  const pages = Math.max(1, Math.ceil(found.length / limit))
  const pagination = { page, limit, pages, total: found.length, next: page < pages ? page + 1 : null, prev: page > 1 ? page - 1 : null }
  return { status: 200, body: { members: found.slice((page - 1) * limit, page * limit), meta: { pagination } } }
}

export const fake = defineFake<Members>({
  name: "ghost",
  title: "Ghost",
  credentials: { adminKey: demoKey },
  build: ({ clock }) => {
    const members = createMembers(clock)
    const find = (request: FakeRequest): Member => {
      const member = members.get(request.params["id"] ?? "")
      if (member === undefined)
        throw refused(404, problem(404, "NotFoundError", "Resource not found error, cannot read member.", "Member not found.").body)
      return member
    }
    const named = (id: string): Member => {
      const member = members.get(id)
      if (member === undefined) throw new Error(`there is no member ${id}`)
      return member
    }
    return {
      world: members,
      routes: {
        "GET /ghost/api/admin/members/": (request) => browse(members, request),
        "GET /ghost/api/admin/members/:id/": (request) => ({ status: 200, body: { members: [show(find(request))] } }),
        "POST /ghost/api/admin/members/": ({ body }) => ({
          status: 201,
          body: { members: [show(members.add(inputIn(body)))] },
          changed: 1,
        }),
        "PUT /ghost/api/admin/members/:id/": (request) => ({
          status: 200,
          body: { members: [show(members.edit(find(request), inputIn(request.body)))] },
          changed: 1,
        }),
        "DELETE /ghost/api/admin/members/:id/": (request) => {
          members.remove(find(request))
          return { status: 204, changed: 1 }
        },
      },
      gate: gate(demoKey, clock.now),
      tooMany: () => problem(429, "TooManyRequestsError", "Too many requests."),
      notFound: () => problem(404, "NotFoundError", "Resource not found"),
      /** `{ members: [{ email, name, note, labels: [{ name }], created_at }] }` */
      seed: (file) => {
        const list = isObject(file) ? file["members"] : undefined
        if (!Array.isArray(list)) throw new Error("seed: an object with a list of members")
        for (const [at, one] of list.entries()) {
          if (!isObject(one) || typeof one["created_at"] !== "string") throw new Error(`seed: members[${at}]: an object with created_at`)
          members.add(one, one["created_at"])
        }
      },
      people: {
        items: () =>
          members.all().map((member): PeopleItem => ({
            id: member.id,
            names: [member.id, member.email.toLowerCase()],
            counts: true,
            item: show(member),
          })),
        create: (set) => members.add(set).id,
        update: (id, set) => void members.edit(named(id), set),
        delete: (id) => members.remove(named(id)),
      },
    }
  },
})
