// How the conformance suite meets HighLevel: the fake, and what the location's team does in the browser.
import type { Conformance } from "@syncline/testkit/connector"
import type { JsonObject } from "@syncline/connector"
import type { Row } from "@syncline/testkit/fake"
import { demoLocation, demoToken, fake } from "./fake/index.ts"

export const conformance: Conformance = {
  start: async () => {
    const highlevel = await fake.start({ settings: { generous: true } })
    const { world } = highlevel
    const row = (id: string): Row<JsonObject> => {
      const found = world.find(id)
      if (found === undefined) throw new Error(`there is no contact ${id}`)
      return found
    }
    return {
      config: { baseUrl: highlevel.url, token: demoToken, location: demoLocation, callsPerTenSeconds: 10_000 },
      outside: {
        contacts: {
          create: async (item) => world.add(item).id,
          edit: async (id, set) => void world.edit(row(id), set),
          delete: async (id) => world.remove(row(id)),
          erase: async (id) => world.remove(row(id)),
        },
      },
      advance: async (ms) => highlevel.clock.advance(ms),
      close: highlevel.close,
    }
  },
  resources: {
    contacts: {
      item: {
        firstName: "Ada {unique}",
        lastName: "Lindqvist",
        email: "ada.{unique}@harbour.example",
        city: "Oslo",
        tags: ["vip", "t-{unique}"],
      },
      edit: { firstName: "Edited {unique}", tags: ["vip", "new-{unique}"] },
      text: "firstName",
      clear: "city",
      invalid: { email: "nonsense {unique}" },
      waive: { "ids-keep-their-digits": "the place from which a search goes on holds an id, which this check changes" },
    },
  },
}
