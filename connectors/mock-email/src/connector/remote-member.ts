// Members as the platform sends them, checked for what the connector itself relies on, and told as changes.
import { FaultError, isObject, type Change, type HttpClient, type HttpResponse, type Json, type JsonObject } from "@syncline/connector"

/** One list of one account, as the configuration says to use it. */
export interface MemberApi {
  readonly http: HttpClient
  readonly list: string
  /** Whether contact ids are used; if not, they are left unread even where the platform shows them. */
  readonly contactIds: boolean
}

export const listPath = ({ list }: MemberApi): string => `/lists/${encodeURIComponent(list)}`

export interface RemoteMember {
  readonly id: string
  readonly contactId: string | undefined
  readonly address: string
  readonly archived: boolean
  /** ISO 8601. */
  readonly lastChanged: string
  readonly item: JsonObject
}

export const normaliseAddress = (address: string): string => address.trim().toLowerCase()

/** The answer is not what this API sends; nothing is known, trying again may help. */
export const notUnderstood = (what: string): FaultError =>
  new FaultError({ class: "transient", message: `The e-mail platform's answer could not be understood: ${what}.` })

export const readMember = (api: MemberApi, value: Json): RemoteMember | null => {
  if (!isObject(value)) return null
  const { id, contact_id: contactId, email_address: address, status, last_changed: lastChanged } = value
  if (typeof id !== "string" || id === "" || typeof address !== "string" || typeof status !== "string") return null
  if (typeof lastChanged !== "string" || Number.isNaN(Date.parse(lastChanged))) return null
  return {
    id,
    contactId: api.contactIds && typeof contactId === "string" && contactId !== "" ? contactId : undefined,
    address,
    archived: status === "archived",
    lastChanged,
    item: value,
  }
}

export const readMembers = (api: MemberApi, value: Json | undefined): RemoteMember[] => {
  if (!Array.isArray(value)) throw notUnderstood("it has no list of members")
  return value.map((each: Json) => {
    const member = readMember(api, each)
    if (member === null) throw notUnderstood("a member lacks its id, address, status or time")
    return member
  })
}

export interface MemberPage {
  readonly members: readonly RemoteMember[]
  readonly total: number
  /** The platform's clock, ISO 8601. */
  readonly asOf: string
}

export const readPage = (api: MemberApi, { body, headers }: HttpResponse): MemberPage => {
  if (!isObject(body)) throw notUnderstood("it is not an object")
  const total = body["total_items"]
  if (typeof total !== "number") throw notUnderstood("it does not say how many members there are")
  const date = Date.parse(headers["date"] ?? "")
  if (Number.isNaN(date)) throw notUnderstood("it has no Date header")
  return { members: readMembers(api, body["members"]), total, asOf: new Date(date).toISOString() }
}

export const toChange = (member: RemoteMember): Extract<Change, { kind: "upsert" | "delete" }> => {
  const known = {
    id: member.id,
    at: member.lastChanged,
    version: member.lastChanged,
    ...(member.contactId === undefined ? {} : { secondary: member.contactId }),
  }
  return member.archived ? { ...known, kind: "delete", soft: true } : { ...known, kind: "upsert", item: member.item }
}
