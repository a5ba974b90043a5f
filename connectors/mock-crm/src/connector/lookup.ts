// Finds contacts by id or by address, many in one call. An address that several contacts share is answered with the
// oldest of them.
import { isObject, type CallOptions, type HttpClient, type LookupAnswer } from "@syncline/connector"
import { contactOf, listIn, malformed, textIn, type Upsert } from "./contact.ts"
import { maxLookup } from "./describe.ts"

const keyOf = (email: string): string => email.trim().toLowerCase()

const absent = (value: string, gone: boolean): LookupAnswer => ({
  fault: gone
    ? { class: "gone", message: `The contact ${value} was deleted`, status: 410 }
    : { class: "notFound", message: `There is no contact ${value}`, status: 404 },
})

const chunk = async (http: HttpClient, by: string, values: readonly string[], options: CallOptions): Promise<LookupAnswer[]> => {
  const { body } = await http.request({
    method: "POST",
    path: "/contacts/search",
    json: by === "id" ? { ids: values } : { emails: values },
    safe: true,
    ...options,
  })
  const found = new Map<string, Upsert>()
  for (const value of listIn(body, "contacts")) {
    const contact = contactOf(value)
    if (!contact) throw malformed("a contact lacks its id, revision or time")
    const key = by === "id" ? contact.id : keyOf(textIn(contact.item, "email") ?? "")
    // oldest first, as the server sorts them
    if (!found.has(key)) found.set(key, contact)
  }
  const missing = new Map(
    listIn(body, "missing").flatMap((one) => (isObject(one) ? [[textIn(one, "id"), textIn(one, "reason")] as const] : [])),
  )
  return values.map((value) => {
    const contact = found.get(by === "id" ? value : keyOf(value))
    if (contact) return { found: contact }
    // an id that the answer names nowhere was not answered: that is no proof of absence
    if (by === "id" && !missing.has(value))
      return { fault: { class: "transient", message: `The CRM did not answer about the contact ${value}` } }
    return absent(value, missing.get(value) === "gone")
  })
}

export const lookup = async (
  http: HttpClient,
  by: string,
  values: readonly string[],
  options: CallOptions,
): Promise<readonly LookupAnswer[]> => {
  const answers: LookupAnswer[] = []
  for (let at = 0; at < values.length; at += maxLookup) answers.push(...(await chunk(http, by, values.slice(at, at + maxLookup), options)))
  return answers
}
