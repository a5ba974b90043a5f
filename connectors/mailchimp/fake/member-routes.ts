// Members one by one and page by page, and their tags. A path takes the hash, the address or the `contact_id`.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { Refused, type FakeAnswer, type FakeRequest, type Routes } from "@syncline/testkit/fake"
import { accept, type Input } from "./accept.ts"
import type { Audience, Audiences, Written } from "./audiences.ts"
import { hashOf, show, type Member } from "./member.ts"
import { problem, resourceNotFound } from "./problem.ts"

const MAX_PAGE = 1000
const DEFAULT_PAGE = 10

export const audienceOf = (audiences: Audiences, { params }: FakeRequest): Audience => {
  const audience = audiences.audience(params["list"])
  if (audience === undefined) throw new Refused(resourceNotFound())
  return audience
}

export const inputOf = (body: Json, addressed: boolean): Input => {
  const accepted = accept(body, addressed)
  if ("refusal" in accepted) throw new Refused(accepted.refusal)
  return accepted.input
}

const memberOf = (audience: Audience, { params }: FakeRequest): Member => {
  const member = audience.find(params["who"] ?? "")
  if (member === undefined) throw new Refused(resourceNotFound())
  return member
}

const answer = (list: string, written: Written): FakeAnswer => {
  if ("refusal" in written) throw new Refused(written.refusal)
  return { status: 200, body: show(list, written.member), changed: written.changed ? 1 : 0 }
}

/** Dotted paths of an answer, as `fields` asks for them. */
const only = (value: JsonObject, fields: readonly string[]): JsonObject => {
  if (fields.length === 0) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]): [string, Json][] => {
      if (fields.includes(name)) return [[name, one]]
      const below = fields.filter((field) => field.startsWith(`${name}.`)).map((field) => field.slice(name.length + 1))
      if (below.length === 0) return []
      if (Array.isArray(one)) return [[name, one.map((each: Json) => (isObject(each) ? only(each, below) : each))]]
      return [[name, isObject(one) ? only(one, below) : one]]
    }),
  )
}

const fieldsOf = ({ query }: FakeRequest): readonly string[] => (query.get("fields") ?? "").split(",").filter((field) => field !== "")

const secondsIn = (text: string | null): number | null => {
  if (text === null) return null
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new Refused(problem(400, "Bad Request", "The time is not in ISO 8601."))
  return at / 1000
}

const listed = (audience: Audience, { query }: FakeRequest): readonly Member[] => {
  const since = secondsIn(query.get("since_last_changed"))
  const before = secondsIn(query.get("before_last_changed"))
  const status = query.get("status")
  const sign = query.get("sort_dir") === "DESC" ? -1 : 1
  const byChange = query.get("sort_field") === "last_changed"
  return audience
    .all()
    .filter(
      (member) =>
        (since === null || member.lastChanged >= since) &&
        (before === null || member.lastChanged <= before) &&
        (status === null || member.status === status),
    )
    .toSorted((a, b) => (byChange ? sign * (a.lastChanged - b.lastChanged) : 0))
}

const tagged = (member: Member, body: Json): readonly string[] => {
  const list = isObject(body) ? body["tags"] : undefined
  if (!Array.isArray(list)) {
    throw new Refused(
      problem(400, "Invalid Resource", "The resource submitted could not be validated.", [
        { field: "tags", message: "Required fields were not provided: tags" },
      ]),
    )
  }
  const tags = new Set(member.tags)
  for (const one of list) {
    const { name, status } = isObject(one) ? one : {}
    if (typeof name !== "string" || name === "") continue
    if (status === "inactive") tags.delete(name)
    else tags.add(name)
  }
  return [...tags]
}

export const memberRoutes = (audiences: Audiences): Routes => ({
  "GET /3.0/ping": () => ({ status: 200, body: { health_status: "Everything's Chimpy!" } }),
  "GET /3.0/lists/:list": (request) => {
    const audience = audienceOf(audiences, request)
    const count = (...statuses: readonly string[]): number => audience.all().filter(({ status }) => statuses.includes(status)).length
    const stats = { member_count: count("subscribed"), unsubscribe_count: count("unsubscribed"), cleaned_count: count("cleaned") }
    return { status: 200, body: only({ id: audience.id, name: "Newsletter", stats }, fieldsOf(request)) }
  },
  "GET /3.0/lists/:list/members": (request) => {
    const audience = audienceOf(audiences, request)
    const count = Number(request.query.get("count") ?? DEFAULT_PAGE)
    const offset = Number(request.query.get("offset") ?? 0)
    if (!(count >= 0 && count <= MAX_PAGE) || !(offset >= 0)) {
      throw new Refused(problem(400, "Invalid Resource", `count is at most ${MAX_PAGE}`))
    }
    const all = listed(audience, request)
    const members = all.slice(offset, offset + count).map((member) => show(audience.id, member))
    return { status: 200, body: only({ members, list_id: audience.id, total_items: all.length }, fieldsOf(request)) }
  },
  "POST /3.0/lists/:list/members": (request) => {
    const { id } = audienceOf(audiences, request)
    return answer(id, audiences.add(id, inputOf(request.body, false)))
  },
  "GET /3.0/lists/:list/members/:who": (request) => {
    const audience = audienceOf(audiences, request)
    return { status: 200, body: only(show(audience.id, memberOf(audience, request)), fieldsOf(request)) }
  },
  "PUT /3.0/lists/:list/members/:who": (request) => {
    const audience = audienceOf(audiences, request)
    const member = audience.find(request.params["who"] ?? "")
    const input = inputOf(request.body, member !== undefined)
    if (member !== undefined) return answer(audience.id, audiences.update(audience.id, member, input))
    const who = request.params["who"]?.toLowerCase()
    if (input.address !== undefined && hashOf(input.address) !== who && input.address.toLowerCase() !== who) {
      throw new Refused(problem(400, "Invalid Resource", "The subscriber hash does not belong to the address."))
    }
    return answer(audience.id, audiences.add(audience.id, input))
  },
  "PATCH /3.0/lists/:list/members/:who": (request) => {
    const audience = audienceOf(audiences, request)
    const member = memberOf(audience, request)
    const { tags: _, ...input } = inputOf(request.body, true)
    return answer(audience.id, audiences.update(audience.id, member, input))
  },
  "DELETE /3.0/lists/:list/members/:who": (request) => {
    const audience = audienceOf(audiences, request)
    return audiences.archive(audience.id, memberOf(audience, request))
  },
  "POST /3.0/lists/:list/members/:who/actions/delete-permanent": (request) => {
    const audience = audienceOf(audiences, request)
    audiences.erase(audience.id, memberOf(audience, request))
    return { status: 204, changed: 1 }
  },
  "POST /3.0/lists/:list/members/:who/tags": (request) => {
    const audience = audienceOf(audiences, request)
    const member = memberOf(audience, request)
    const written = audiences.update(audience.id, member, { tags: tagged(member, request.body) })
    return { status: 204, changed: "member" in written && written.changed ? 1 : 0 }
  },
})
