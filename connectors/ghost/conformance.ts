// How the conformance suite meets Ghost: the fake, and what the publication's team does in its admin pages.
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import type { Conformance } from "@syncline/testkit/connector"
import { demoKey, fake } from "./fake/index.ts"
import type { Member } from "./fake/members.ts"

/** The connector's form of a member -> the API's. */
const asSent = (item: JsonObject): JsonObject => ({
  ...item,
  ...(Array.isArray(item["labels"]) ? { labels: item["labels"].map((name: Json) => (isObject(name) ? name : { name })) } : {}),
})

export const conformance: Conformance = {
  start: async () => {
    const ghost = await fake.start()
    const { world } = ghost
    const member = (id: string): Member => {
      const found = world.get(id)
      if (found === undefined) throw new Error(`there is no member ${id}`)
      return found
    }
    return {
      config: { baseUrl: ghost.url, adminKey: demoKey },
      outside: {
        members: {
          create: async (item) => world.add(asSent(item)).id,
          edit: async (id, set) => void world.edit(member(id), asSent(set)),
          delete: async (id) => world.remove(member(id)),
          erase: async (id) => world.remove(member(id)),
        },
      },
      advance: async (ms) => ghost.clock.advance(ms),
      close: ghost.close,
    }
  },
  resources: {
    members: {
      item: { email: "ada.o'neil.{unique}@harbour.example", name: "Ada {unique}", note: "met in Oslo", labels: ["VIP", "{unique}"] },
      edit: { name: "Edited {unique}", labels: ["VIP", "new {unique}"] },
      text: "name",
      clear: "note",
      invalid: { email: "nonsense {unique}" },
    },
  },
}
