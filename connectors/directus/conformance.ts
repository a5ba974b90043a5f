// How the conformance suite meets Directus: the fake, a collection with keys of our making and one that is counted.
import type { Conformance, Outside } from "@syncline/testkit/connector"
import type { Collection } from "./fake/collections.ts"
import { demoToken, fake } from "./fake/index.ts"

export const conformance: Conformance = {
  start: async () => {
    const directus = await fake.start()
    const { world } = directus
    const outsideOf = (name: string): Outside => {
      const collection = (): Collection => {
        const found = world.collection(name)
        if (found === undefined) throw new Error(`there is no collection ${name}`)
        return found
      }
      return {
        create: async (item) => world.create(collection(), item),
        edit: async (id, set) => world.update(collection(), id, set),
        delete: async (id) => world.delete(collection(), id),
        erase: async (id) => world.erase(collection(), id),
      }
    }
    return {
      config: {
        baseUrl: directus.url,
        token: demoToken,
        collections: { people: { unique: "email" } },
        numbered: { companies: { unique: "domain" } },
      },
      outside: { people: outsideOf("people"), companies: outsideOf("companies") },
      advance: async (ms) => directus.clock.advance(ms),
      close: directus.close,
    }
  },
  resources: {
    people: {
      item: { email: "ada.{unique}@harbour.example", name: "Ada {unique}", city: "Oslo", tags: ["a", "b"], score: 3 },
      edit: { name: "Edited {unique}", tags: ["{unique}"] },
      text: "name",
      clear: "city",
      invalid: { score: "many {unique}" },
    },
    companies: {
      item: { domain: "{unique}.example", title: "Company {unique}", city: "Oslo" },
      edit: { title: "Edited {unique}" },
      clear: "city",
      invalid: { title: "x".repeat(300) },
    },
  },
}
