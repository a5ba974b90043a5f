// How the conformance suite meets Mailchimp: the fake, and what its team and its members do in the browser.
import type { Conformance, Outside } from "@syncline/testkit/connector"
import { demoKey, demoList, fake } from "./fake/index.ts"
import { hashOf, type Member } from "./fake/member.ts"

export const conformance: Conformance = {
  start: async () => {
    const mailchimp = await fake.start()
    const { people } = mailchimp
    if (people === undefined) throw new Error("the fake has people")
    const { world } = mailchimp
    const memberOf = (id: string): Member => {
      const member = world.audience(demoList)?.find(id)
      if (member === undefined) throw new Error(`there is no member ${id}`)
      return member
    }
    // the connector's ids are hashes, the team's are contact ids
    const outside: Outside = {
      create: async (item) => hashOf(memberOf(people.create(item)).address),
      edit: async (id, set) => people.update(memberOf(id).contactId, set),
      delete: async (id) => people.delete(memberOf(id).contactId),
      erase: async (id) => people.erase?.(memberOf(id).contactId),
      restore: async (id) => void world.update(demoList, memberOf(id), { status: "subscribed" }),
      rekey: async (id) => {
        const { contactId, address } = memberOf(id)
        people.update(contactId, { email_address: `new.${address}` })
        return hashOf(memberOf(contactId).address)
      },
    }
    return {
      config: { baseUrl: mailchimp.url, apiKey: demoKey, list: demoList },
      outside: { members: outside },
      advance: async (ms) => mailchimp.clock.advance(ms),
      close: mailchimp.close,
    }
  },
  resources: {
    members: {
      item: {
        email_address: "ada.{unique}@harbour.example",
        status: "subscribed",
        merge_fields: { FNAME: "Ada {unique}", LNAME: "Lindqvist" },
      },
      edit: { merge_fields: { FNAME: "Ada {unique}" } },
      invalid: { email_address: "nonsense {unique}" },
    },
  },
}
