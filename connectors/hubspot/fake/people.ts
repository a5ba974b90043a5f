// What people do in HubSpot's own pages. An item is told by `type` (contacts, unless said) and its `properties`.
import { isObject, type JsonObject } from "@syncline/connector"
import type { FakePeople } from "@syncline/testkit/fake"
import { typeOf, type Crm, type Written } from "./crm.ts"
import type { ObjectType } from "./properties.ts"

const done = (written: Written): string => {
  if ("row" in written) return written.row.id
  throw new Error(String(written.body["message"]))
}

export const peopleOf = (crm: Crm): FakePeople => {
  const typeOfId = (id: string): ObjectType => (crm.companies.get(id) === undefined ? "contacts" : "companies")
  const kindIn = ({ type }: JsonObject): ObjectType => typeOf(typeof type === "string" ? type : "contacts")
  const valuesIn = ({ properties }: JsonObject): JsonObject => {
    if (isObject(properties)) return properties
    throw new Error("properties is needed")
  }
  const shown = (type: ObjectType) =>
    crm
      .table(type)
      .all()
      .map(({ id, item }) => ({
        id,
        names: [id, ...[item["email"], item["domain"]].filter((name) => name !== undefined)],
        counts: true,
        item: { id, type, properties: { ...item } },
      }))
  return {
    items: () => [...shown("contacts"), ...shown("companies")],
    create: (set) => done(crm.create(kindIn(set), valuesIn(set))),
    update: (id, set) => void done(crm.update(typeOfId(id), id, valuesIn(set))),
    delete: (id) => void crm.archive(typeOfId(id), id),
    erase: (id) => crm.erase(typeOfId(id), id),
  }
}
