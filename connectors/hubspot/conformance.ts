// How the conformance suite meets HubSpot: the fake, with a search index that is behind, and what people do in its pages.
import type { Conformance, Outside } from "@syncline/testkit/connector"
import { demoToken, fake, type HubspotWorld } from "./fake/index.ts"

/** Of the fake's search index; the manifest allows for more. */
const LAG_MS = 5_000

const outsideOf = (world: HubspotWorld, type: "contacts" | "companies"): Outside => {
  return {
    create: async (item) => {
      const written = world.create(type, item)
      if (!("row" in written)) throw new Error(JSON.stringify(written.body))
      return written.row.id
    },
    edit: async (id, set) => {
      const written = world.update(type, id, set)
      if (!("row" in written)) throw new Error(JSON.stringify(written.body))
    },
    delete: async (id) => void world.archive(type, id),
    erase: async (id) => world.erase(type, id),
    restore: async (id) => world.restore(type, id),
    merge: async (id, into) => world.merge(type, into, id),
  }
}

export const conformance: Conformance = {
  start: async () => {
    const hubspot = await fake.start({ settings: { lagMs: LAG_MS, generous: true } })
    return {
      config: {
        baseUrl: hubspot.url,
        token: demoToken,
        // so that a hundred searches take no half minute; the rates themselves have a test of their own
        searchesPerSecond: 1000,
        callsPerTenSeconds: 1000,
      },
      outside: { contacts: outsideOf(hubspot.world, "contacts"), companies: outsideOf(hubspot.world, "companies") },
      advance: async (ms) => hubspot.clock.advance(ms),
      close: hubspot.close,
    }
  },
  resources: {
    contacts: {
      item: { email: "ada.{unique}@harbour.example", firstname: "Ada {unique}", lastname: "Lindqvist", phone: "+12025550101" },
      edit: { lastname: "Lindqvist-{unique}" },
      clear: "phone",
      invalid: { lifecyclestage: "enemy {unique}" },
    },
    companies: {
      item: { name: "Harbour {unique}", domain: "{unique}.harbour.example", city: "Malmö" },
      edit: { city: "Lund {unique}" },
      invalid: { industry: "no such industry {unique}" },
    },
  },
}
