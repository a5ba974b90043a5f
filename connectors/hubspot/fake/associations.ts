// Who works where: associations between contacts and companies (v4), read in batches, made and ended one by one.
import { isObject, type JsonObject } from "@syncline/connector"
import { reads, refused, type FakeRequest, type Routes } from "@syncline/testkit/fake"
import { badRequest, batchAnswer, batchError, faultBody } from "./answers.ts"
import { typeOf, type Crm } from "./crm.ts"
import type { ObjectType } from "./properties.ts"

export interface Associations {
  /** The others, in the order in which they were linked; the first company is the primary one. */
  of(id: string): readonly string[]
  link(contact: string, company: string): boolean
  unlink(contact: string, company: string): boolean
  /** After a merge. */
  move(from: string, to: string): void
  drop(id: string): void
}

export const createAssociations = (): Associations => {
  const pairs: { contact: string; company: string }[] = []
  const at = (contact: string, company: string): number => pairs.findIndex((pair) => pair.contact === contact && pair.company === company)
  const drop = (id: string): void => {
    for (let index = pairs.length - 1; index >= 0; index -= 1) {
      if (pairs[index]?.contact === id || pairs[index]?.company === id) pairs.splice(index, 1)
    }
  }
  const link = (contact: string, company: string): boolean => {
    if (at(contact, company) >= 0) return false
    pairs.push({ contact, company })
    return true
  }
  return {
    of: (id) => pairs.flatMap(({ contact, company }) => (contact === id ? [company] : company === id ? [contact] : [])),
    link,
    unlink(contact, company) {
      const index = at(contact, company)
      if (index >= 0) pairs.splice(index, 1)
      return index >= 0
    },
    move(from, to) {
      const moved = pairs.filter(({ contact, company }) => contact === from || company === from)
      drop(from)
      for (const { contact, company } of moved) link(contact === from ? to : contact, company === from ? to : company)
    },
    drop,
  }
}

const MAX_INPUTS = 1000
/** contact to company and back; the first company is the primary one, too. */
const TYPES: Readonly<Record<ObjectType, { readonly plain: number; readonly primary: number }>> = {
  contacts: { plain: 279, primary: 1 },
  companies: { plain: 280, primary: 2 },
}

const kind = (typeId: number, label: string | null): JsonObject => ({ category: "HUBSPOT_DEFINED", typeId, label })

export const associationRoutes = (crm: Crm, associations: Associations): Routes => {
  const ends = ({ params }: FakeRequest): { readonly contact: string; readonly company: string } => {
    const from = typeOf(params["from"])
    const to = typeOf(params["to"])
    if (from === to) throw badRequest("only contacts and companies are associated here")
    const own = crm.find(from, params["id"] ?? "")
    const other = crm.find(to, params["other"] ?? "")
    if (own === undefined || other === undefined) throw refused(404, faultBody("OBJECT_NOT_FOUND", "resource not found"))
    return from === "contacts" ? { contact: own.id, company: other.id } : { contact: other.id, company: own.id }
  }
  /** The primary company shows in the contact, and that changes the contact. */
  const settle = (contact: string): void => {
    const row = crm.contacts.get(contact)
    const primary = associations.of(contact)[0] ?? ""
    if (row === undefined || (row.item["associatedcompanyid"] ?? "") === primary) return
    crm.contacts.put(contact, { ...row.item, associatedcompanyid: primary, lastmodifieddate: crm.iso() })
  }
  return {
    "POST /crm/v4/associations/:from/:to/batch/read": reads(({ params, body }) => {
      const from = typeOf(params["from"])
      const inputs = isObject(body) && Array.isArray(body["inputs"]) ? body["inputs"] : []
      if (inputs.length > MAX_INPUTS) throw badRequest(`The maximum number of inputs supported in a batch request is ${MAX_INPUTS}.`)
      const results: JsonObject[] = []
      const errors: JsonObject[] = []
      for (const input of inputs) {
        const id = isObject(input) ? String(input["id"]) : ""
        const row = crm.find(from, id)
        const others = row === undefined ? [] : associations.of(row.id)
        if (others.length === 0) {
          errors.push(batchError("OBJECT_NOT_FOUND", `No company is associated with contact ${id}.`, { fromObjectId: [id] }))
          continue
        }
        const { plain, primary } = TYPES[from]
        results.push({
          from: { id },
          to: others.map((other, index) => ({
            toObjectId: Number(other),
            associationTypes: [...(index === 0 && from === "contacts" ? [kind(primary, "Primary")] : []), kind(plain, null)],
          })),
        })
      }
      return batchAnswer(results, errors, crm.iso(), 200, 0)
    }),
    "PUT /crm/v4/objects/:from/:id/associations/default/:to/:other": (request) => {
      const { contact, company } = ends(request)
      const changed = associations.link(contact, company) ? 1 : 0
      settle(contact)
      return { status: 200, body: { status: "COMPLETE", results: [{ from: { id: contact }, to: { id: company } }] }, changed }
    },
    "DELETE /crm/v4/objects/:from/:id/associations/:to/:other": (request) => {
      const { contact, company } = ends(request)
      const changed = associations.unlink(contact, company) ? 1 : 0
      settle(contact)
      return { status: 204, changed }
    },
  }
}
