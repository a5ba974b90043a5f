// Members by id, contact id or address, in as few requests as their addresses in the query allow.
import { FaultError, isObject, type CallOptions, type LookupAnswer } from "@syncline/connector"
import { listPath, normaliseAddress, notUnderstood, readMembers, toChange, type MemberApi, type RemoteMember } from "./remote-member.ts"

export type LookupBy = "id" | "secondary" | "email"

const parameters = { id: "ids", secondary: "contact_ids", email: "emails" } as const

/** Servers and proxies refuse long request lines; this leaves room below 16 KB. */
const maxQueryLength = 12_000

const keyFor = (by: LookupBy, member: RemoteMember): string =>
  by === "id" ? member.id : by === "secondary" ? (member.contactId ?? "") : normaliseAddress(member.address)

const portions = (values: readonly string[]): string[][] => {
  const result: string[][] = []
  let length = Number.POSITIVE_INFINITY
  for (const value of values) {
    const cost = encodeURIComponent(value).length + 3
    if (length + cost > maxQueryLength) {
      result.push([])
      length = 0
    }
    result.at(-1)?.push(value)
    length += cost
  }
  return result
}

/** What is there, by the value it was asked for. */
export const findMembers = async (
  api: MemberApi,
  by: LookupBy,
  values: readonly string[],
  options: CallOptions = {},
): Promise<ReadonlyMap<string, RemoteMember>> => {
  // A comma would ask for two; no id and no address that the platform takes has one.
  const askable = [...new Set(values)].filter((value) => value !== "" && !value.includes(","))
  const answers = await Promise.all(
    portions(askable).map(async (portion) => {
      const { body } = await api.http.request({
        method: "GET",
        path: `${listPath(api)}/members`,
        query: { [parameters[by]]: portion.join(",") },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      })
      if (!isObject(body)) throw notUnderstood("it is not an object")
      return readMembers(api, body["members"])
    }),
  )
  return new Map(answers.flat().map((member) => [keyFor(by, member), member]))
}

export const lookup = async (api: MemberApi, by: string, values: readonly string[], options: CallOptions = {}): Promise<LookupAnswer[]> => {
  if (by !== "id" && by !== "secondary" && by !== "email") {
    throw new FaultError({ class: "invalid", message: `Members cannot be looked up by ${by}.` })
  }
  const asked = by === "email" ? values.map(normaliseAddress) : values
  const found = await findMembers(api, by, asked, options)
  return asked.map((value) => {
    const member = found.get(value)
    if (member === undefined) return { fault: { class: "notFound", message: "The list has no such member." } }
    return { found: toChange(member) }
  })
}
