// How the conformance suite meets Keap: the fake, and what people do in the browser.
import type { Conformance } from "@syncline/testkit/connector"
import type { JsonObject } from "@syncline/connector"
import type { Row } from "@syncline/testkit/fake"
import { addFlat, editFlat } from "./fake/flat.ts"
import { demoToken, fake } from "./fake/index.ts"

export const conformance: Conformance = {
  start: async () => {
    const keap = await fake.start({ settings: { generous: true } })
    const { world } = keap
    const row = (id: string): Row<JsonObject> => {
      const found = world.find(id)
      if (found === undefined) throw new Error(`there is no contact ${id}`)
      return found
    }
    return {
      config: { baseUrl: keap.url, token: demoToken, callsPerSecond: 10_000, callsPerMinute: 100_000, callsPerDay: 1_000_000 },
      outside: {
        contacts: {
          create: async (item) => addFlat(world, item).id,
          edit: async (id, set) => editFlat(world, row(id), set),
          delete: async (id) => world.remove(row(id)),
          erase: async (id) => world.remove(row(id)),
        },
      },
      advance: async (ms) => keap.clock.advance(ms),
      close: keap.close,
    }
  },
  resources: {
    contacts: {
      item: {
        given_name: "Ada {unique}",
        family_name: "Lindqvist",
        email: "ada.{unique}@harbour.example",
        email2: "second.{unique}@harbour.example",
        phone: "+4712345678",
        tags: ["vip", "t-{unique}"],
      },
      edit: { given_name: "Edited {unique}", email: "edited.{unique}@harbour.example", tags: ["vip", "new-{unique}"] },
      text: "given_name",
      clear: "phone",
      invalid: { email: "nonsense {unique}" },
      waive: { "ids-keep-their-digits": "the tags are asked for by the id that this check changes, which nobody has" },
    },
  },
}
