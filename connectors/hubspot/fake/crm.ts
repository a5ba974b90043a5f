// The objects of one portal: contacts (an address is unique, merged ones answer to all their ids) and companies.
// A write that changes nothing leaves the time of the last change alone.
import { createTable, type Clock, type Row, type Table } from "@syncline/testkit/fake"
import type { Json } from "@syncline/connector"
import { badRequest, faultBody, invalidProperties } from "./answers.ts"
import type { Associations } from "./associations.ts"
import { createPropertyRules, DEFAULTS, modifiedProperty, type ObjectType, type Properties, type PropertyRules } from "./properties.ts"

export type ObjectRow = Row<Properties>

export interface Refusal {
  readonly status: number
  readonly body: ReturnType<typeof faultBody>
}
export type Written = { readonly row: ObjectRow; readonly changed: boolean; readonly created: boolean } | Refusal

export interface Crm {
  readonly contacts: Table<Properties>
  readonly companies: Table<Properties>
  readonly rules: PropertyRules
  readonly table: (type: ObjectType) => Table<Properties>
  /** By id, also by the id of one that was merged into it. */
  readonly find: (type: ObjectType, id: string) => ObjectRow | undefined
  /** By its address, also by an additional one. */
  readonly byEmail: (email: string) => ObjectRow | undefined
  readonly create: (type: ObjectType, properties: Json | undefined) => Written
  readonly update: (type: ObjectType, id: string, properties: Json | undefined) => Written
  /** Into the recycling bin. Whoever is not there is none the worse for it. */
  readonly archive: (type: ObjectType, id: string) => boolean
  readonly restore: (type: ObjectType, id: string) => void
  readonly merge: (type: ObjectType, into: string, id: string) => void
  /** For good, without a trace. */
  readonly erase: (type: ObjectType, id: string) => void
  /** What the search index shows. */
  readonly indexed: (type: ObjectType) => readonly ObjectRow[]
  readonly setLag: (ms: number) => void
  /** As in an answer: the defaults and what was asked for; blanks are null. */
  readonly show: (type: ObjectType, row: ObjectRow, asked?: readonly string[]) => { readonly [key: string]: Json }
  readonly iso: () => string
}

export const typeOf = (name: string | undefined): ObjectType => {
  if (name === "contacts" || name === "0-1") return "contacts"
  if (name === "companies" || name === "0-2") return "companies"
  throw badRequest(`Unable to infer object type from: ${name ?? ""}`)
}

export const createCrm = (clock: Clock, associations: Associations, lag: number): Crm => {
  const tables = { contacts: createTable<Properties>({ clock }), companies: createTable<Properties>({ clock }) }
  const rules = createPropertyRules()
  const mergedInto = new Map<string, string>()
  let lagMs = lag
  let nextId = 101

  const find: Crm["find"] = (type, id) => {
    const present = tables[type].get(id)
    const winner = mergedInto.get(`${type}/${id}`)
    return present ?? (winner === undefined ? undefined : find(type, winner))
  }
  const byEmail: Crm["byEmail"] = (email) => {
    const wanted = email.trim().toLowerCase()
    return tables.contacts
      .all()
      .find(({ item }) => item["email"] === wanted || (item["hs_additional_emails"] ?? "").split(";").includes(wanted))
  }
  const taken = (type: ObjectType, values: Properties, id: string | null): Refusal | null => {
    const email = values["email"]
    if (type !== "contacts" || email === undefined || email === "") return null
    const holder = byEmail(email)
    if (holder === undefined || holder.id === id) return null
    return { status: 409, body: faultBody("CONFLICT", `Contact already exists. Existing ID: ${holder.id}`) }
  }
  const put = (type: ObjectType, id: string, item: Properties): ObjectRow => {
    const now = clock.iso()
    return tables[type].put(id, { ...item, [modifiedProperty(type)]: now, hs_object_id: id, createdate: item["createdate"] ?? now })
  }

  const create: Crm["create"] = (type, given) => {
    const accepted = rules.accept(type, given ?? {})
    if ("problems" in accepted) return { status: 400, body: invalidProperties(accepted.problems) }
    const refusal = taken(type, accepted.values, null)
    if (refusal !== null) return refusal
    nextId += 50
    const values = Object.fromEntries(Object.entries(accepted.values).filter(([, value]) => value !== ""))
    return { row: put(type, String(nextId), values), changed: true, created: true }
  }
  const update: Crm["update"] = (type, id, given) => {
    const accepted = rules.accept(type, given)
    if ("problems" in accepted) return { status: 400, body: invalidProperties(accepted.problems) }
    const row = find(type, id)
    if (row === undefined) return { status: 404, body: faultBody("OBJECT_NOT_FOUND", "resource not found") }
    const refusal = taken(type, accepted.values, row.id)
    if (refusal !== null) return refusal
    const changed = Object.entries(accepted.values).some(([name, value]) => (row.item[name] ?? "") !== value)
    return { row: changed ? put(type, row.id, { ...row.item, ...accepted.values }) : row, changed, created: false }
  }

  return {
    ...tables,
    rules,
    find,
    byEmail,
    create,
    update,
    table: (type) => tables[type],
    archive: (type, id) => {
      const row = find(type, id)
      if (row === undefined) return false
      tables[type].remove(row.id)
      return true
    },
    restore: (type, id) => {
      const row = tables[type].get(id, "deleted")
      if (row !== undefined) put(type, id, row.item)
    },
    merge: (type, into, id) => {
      const winner = find(type, into)
      const loser = tables[type].get(id)
      if (winner === undefined || loser === undefined || winner.id === id) throw new Error(`${id} cannot be merged into ${into}`)
      const list = (name: string, ...more: string[]): string =>
        [...(winner.item[name] ?? "").split(";"), ...more].filter((one) => one !== "").join(";")
      associations.move(id, winner.id)
      tables[type].erase(id)
      mergedInto.set(`${type}/${id}`, winner.id)
      put(type, winner.id, {
        ...loser.item,
        ...Object.fromEntries(Object.entries(winner.item).filter(([, value]) => value !== "")),
        hs_merged_object_ids: list("hs_merged_object_ids", id, ...(loser.item["hs_merged_object_ids"] ?? "").split(";")),
        ...(type === "contacts" ? { hs_additional_emails: list("hs_additional_emails", loser.item["email"] ?? "") } : {}),
      })
    },
    erase: (type, id) => {
      associations.drop(id)
      tables[type].erase(id)
    },
    indexed: (type) => tables[type].asSeen(lagMs),
    setLag: (ms) => {
      lagMs = ms
    },
    show: (type, row, asked = []) => ({
      id: row.id,
      properties: Object.fromEntries([...new Set([...DEFAULTS[type], ...asked])].map((name) => [name, row.item[name] ?? null])),
      createdAt: row.item["createdate"] ?? new Date(row.createdAt).toISOString(),
      updatedAt: row.item[modifiedProperty(type)] ?? new Date(row.updatedAt).toISOString(),
      archived: row.deletedAt !== null,
      ...(row.deletedAt === null ? {} : { archivedAt: new Date(row.deletedAt).toISOString() }),
    }),
    iso: clock.iso,
  }
}
