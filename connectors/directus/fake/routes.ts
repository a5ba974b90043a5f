// The endpoints: items one and many, the activity log, and who one is.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { refused, type FakeAnswer, type FakeRequest, type Routes } from "@syncline/testkit/fake"
import { objectsIn, type Collection, type World } from "./collections.ts"
import { matches, type FieldType } from "./filter.ts"
import { forbidden, problem } from "./problem.ts"

const DEFAULT_LIMIT = 100

const activityTypes: Readonly<Record<string, FieldType>> = {
  id: "integer",
  action: "string",
  collection: "string",
  item: "string",
  timestamp: "timestamp",
}

function filterIn(query: URLSearchParams): JsonObject {
  const given = query.get("filter")
  if (given === null) return {}
  try {
    const filter: unknown = JSON.parse(given)
    // parsed JSON that is an object
    if (typeof filter === "object" && filter !== null && !Array.isArray(filter)) return filter as JsonObject
  } catch {
    // said below
  }
  throw refused(400, problem(400, "INVALID_QUERY", 'Invalid query. "filter" has to be valid JSON.').body)
}

const compare = (a: Json | undefined, b: Json | undefined): number => {
  if (typeof a === "number" && typeof b === "number") return a - b
  const [one, other] = [String(a ?? ""), String(b ?? "")]
  return one < other ? -1 : one > other ? 1 : 0
}

function page(items: readonly JsonObject[], query: URLSearchParams, types: Readonly<Record<string, FieldType>>): FakeAnswer {
  const filter = filterIn(query)
  const found = items.filter((item) => matches(filter, item, types))
  const sorts = (query.get("sort") ?? "id").split(",")
  found.sort((a, b) => sorts.map((field) => compare(a[field], b[field])).find((result) => result !== 0) ?? 0)
  const limit = Number(query.get("limit") ?? DEFAULT_LIMIT)
  const offset = Number(query.get("offset") ?? 0)
  const data = limit < 0 ? found.slice(offset) : found.slice(offset, offset + limit)
  const meta = query.get("meta") === "filter_count" ? { meta: { filter_count: found.length } } : {}
  return { status: 200, body: { ...meta, data: data.map((item) => shown(item, query)) } }
}

const shown = (item: JsonObject, query: URLSearchParams): JsonObject => {
  const fields = (query.get("fields") ?? "*").split(",")
  return fields.includes("*") ? item : Object.fromEntries(fields.flatMap((field) => (field in item ? [[field, item[field] ?? null]] : [])))
}

export function routesOf(world: World): Routes {
  const known = (request: FakeRequest): Collection => {
    const collection = world.collection(request.params["collection"] ?? "")
    if (collection === undefined) throw refused(403, forbidden.body)
    return collection
  }
  /** In the order of the keys, whatever was asked for. */
  const many = (collection: Collection, ids: readonly string[], query: URLSearchParams): FakeAnswer => ({
    ...page(
      ids.map((id) => collection.items.get(id)).filter((item) => item !== undefined),
      new URLSearchParams([...query].filter(([name]) => name !== "filter")),
      collection.types,
    ),
    changed: ids.length,
  })
  const one = (collection: Collection, id: string, request: FakeRequest, changed: number): FakeAnswer => {
    const item = collection.items.get(id)
    // nothing can be read, so nothing is said
    return item === undefined ? { status: 204, changed: 0 } : { status: 200, body: { data: shown(item, request.query) }, changed }
  }
  return {
    "GET /server/ping": () => ({ status: 200, body: "pong" }),
    "GET /users/me": () => ({ status: 200, body: { data: { id: "0d3b1a8e-6f5c-4b43-9a52-2f1f6a1f9b10" } } }),
    "GET /activity": (request) =>
      page(
        world.activity.map((each): JsonObject => ({ ...each })),
        request.query,
        activityTypes,
      ),
    "GET /items/:collection": (request) => {
      const collection = known(request)
      return page([...collection.items.values()], request.query, collection.types)
    },
    "POST /items/:collection": (request) => {
      const collection = known(request)
      const list = objectsIn(request.body)
      if (list !== null)
        return many(
          collection,
          world.atomically(() => list.map((input) => world.create(collection, input))),
          request.query,
        )
      return one(collection, world.create(collection, isObject(request.body) ? request.body : {}), request, 1)
    },
    "PATCH /items/:collection": (request) => {
      const collection = known(request)
      const list = objectsIn(request.body) ?? []
      world.atomically(() => {
        for (const { id, ...set } of list) world.update(collection, String(id), set)
      })
      return many(
        collection,
        list.map(({ id }) => String(id)),
        request.query,
      )
    },
    "GET /items/:collection/:id": (request) => {
      const item = known(request).items.get(request.params["id"] ?? "")
      // what is not there is not told from what may not be seen
      return item === undefined ? forbidden : { status: 200, body: { data: shown(item, request.query) } }
    },
    "PATCH /items/:collection/:id": (request) => {
      const collection = known(request)
      const id = request.params["id"] ?? ""
      world.update(collection, id, isObject(request.body) ? request.body : {})
      return one(collection, id, request, 1)
    },
    "DELETE /items/:collection/:id": (request) => {
      const collection = known(request)
      const id = request.params["id"] ?? ""
      const there = collection.items.has(id)
      world.delete(collection, id)
      return { status: 204, changed: there ? 1 : 0 }
    },
  }
}
