// How the conformance suite meets Salesforce: the fake, contacts with and without a key of ours, accounts.
import type { Conduct, Conformance, Outside } from "@syncline/testkit/connector"
import { demoClient, demoSecret, fake } from "./fake/index.ts"
import type { Result } from "./fake/records.ts"

const done = (result: Result): string => {
  if ("problem" in result) throw new Error(result.problem.message)
  return result.id
}

const contact: Conduct = {
  item: { FirstName: "Ada", LastName: "O'Neil {unique}", Email: "ada.{unique}@harbour.example", Phone: "+47 22 00 00 00" },
  edit: { LastName: "Edited {unique}" },
  text: "LastName",
  clear: "Phone",
  invalid: { Email: "nonsense {unique}" },
  // documented of sobject collections, and nothing else tells whose a result is
  resultsInOrder: true,
}

export const conformance: Conformance = {
  start: async () => {
    const salesforce = await fake.start()
    const { world } = salesforce
    const outsideOf = (object: string): Outside => ({
      create: async (item) => done(world.create(object, item)),
      edit: async (id, set) => void done(world.update(object, id, set)),
      delete: async (id) => void done(world.remove(object, id)),
      restore: async (id) => world.restore(object, id),
      merge: async (id, into) => world.merge(object, id, into),
    })
    return {
      config: {
        baseUrl: salesforce.url,
        clientId: demoClient,
        clientSecret: demoSecret,
        objects: {
          contacts: { object: "Contact", match: "Email", merges: true, fields: ["FirstName", "LastName", "Email", "Phone"] },
          accounts: { object: "Account", merges: true, fields: ["Name", "Website", "Phone"] },
        },
        identified: {
          people: {
            object: "Contact",
            match: "Email",
            merges: true,
            externalId: "Syncline_Key__c",
            fields: ["FirstName", "LastName", "Email", "Phone"],
          },
        },
      },
      outside: { contacts: outsideOf("Contact"), people: outsideOf("Contact"), accounts: outsideOf("Account") },
      advance: async (ms) => salesforce.clock.advance(ms),
      close: salesforce.close,
    }
  },
  resources: {
    contacts: contact,
    people: contact,
    accounts: {
      item: { Name: "Harbour {unique}", Website: "https://{unique}.example" },
      edit: { Name: "Edited {unique}" },
      clear: "Website",
      invalid: { Name: null },
      resultsInOrder: true,
    },
  },
}
