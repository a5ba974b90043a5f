// Single objects and the plain list. The list is in the order of ids and never lags; `archived=true` lists the recycling bin.
import { isObject } from "@syncline/connector"
import { refused, type FakeRequest, type Routes } from "@syncline/testkit/fake"
import { badRequest, faultBody } from "./answers.ts"
import { typeOf, type Crm, type ObjectRow, type Written } from "./crm.ts"
import type { ObjectType } from "./properties.ts"

const MAX_PAGE = 100

export const askedProperties = ({ query }: FakeRequest): readonly string[] =>
  query
    .getAll("properties")
    .flatMap((list) => list.split(","))
    .filter((name) => name !== "")

const byId = (a: ObjectRow, b: ObjectRow): number => Number(a.id) - Number(b.id)

export const objectRoutes = (crm: Crm): Routes => {
  const find = (type: ObjectType, request: FakeRequest): ObjectRow => {
    const id = request.params["id"] ?? ""
    const row = request.query.get("idProperty") === "email" ? crm.byEmail(id) : crm.find(type, id)
    if (row === undefined) throw refused(404, faultBody("OBJECT_NOT_FOUND", "resource not found"))
    return row
  }
  const answer = (type: ObjectType, written: Written, status: number) => {
    if (!("row" in written)) throw refused(written.status, written.body)
    return { status, body: crm.show(type, written.row, Object.keys(written.row.item)), changed: written.changed ? 1 : 0 }
  }
  return {
    "POST /crm/v3/objects/contacts/gdpr-delete": ({ body }) => {
      const id = isObject(body) ? String(body["objectId"]) : ""
      const row = isObject(body) && body["idProperty"] === "email" ? crm.byEmail(id) : crm.find("contacts", id)
      if (row !== undefined) crm.erase("contacts", row.id)
      return { status: 204, changed: row === undefined ? 0 : 1 }
    },
    "GET /crm/v3/objects/:type": (request) => {
      const type = typeOf(request.params["type"])
      const limit = Number(request.query.get("limit") ?? 10)
      if (!(limit >= 1 && limit <= MAX_PAGE)) throw badRequest(`Invalid input: limit must be between 1 and ${MAX_PAGE}`)
      const after = Number(request.query.get("after") ?? 0)
      const all = request.query.get("archived") === "true" ? crm.table(type).deleted() : crm.table(type).all()
      const rest = all.filter(({ id }) => Number(id) > after).toSorted(byId)
      const page = rest.slice(0, limit)
      const next = rest.length > limit ? page.at(-1)?.id : undefined
      return {
        status: 200,
        body: {
          results: page.map((row) => crm.show(type, row, askedProperties(request))),
          ...(next === undefined ? {} : { paging: { next: { after: next, link: `https://api.hubapi.com${request.path}?after=${next}` } } }),
        },
      }
    },
    "POST /crm/v3/objects/:type": ({ params, body }) => {
      const type = typeOf(params["type"])
      return answer(type, crm.create(type, isObject(body) ? body["properties"] : undefined), 201)
    },
    "GET /crm/v3/objects/:type/:id": (request) => {
      const type = typeOf(request.params["type"])
      return { status: 200, body: crm.show(type, find(type, request), askedProperties(request)) }
    },
    "PATCH /crm/v3/objects/:type/:id": (request) => {
      const type = typeOf(request.params["type"])
      const { id } = find(type, request)
      return answer(type, crm.update(type, id, isObject(request.body) ? request.body["properties"] : undefined), 200)
    },
    "DELETE /crm/v3/objects/:type/:id": ({ params }) => ({
      status: 204,
      changed: crm.archive(typeOf(params["type"]), params["id"] ?? "") ? 1 : 0,
    }),
  }
}
