// HubSpot's CRM API, as far as contacts, companies and the associations between them go: ids, paging, limits, the search
// index that lags, batches that succeed in part, merges, archive and erasure. State in memory; token `hubspot-demo-token`.
import { defineFake, type Routes } from "@syncline/testkit/fake"
import { associationRoutes, createAssociations } from "./associations.ts"
import { batchRoutes } from "./batch.ts"
import { createCrm, type Crm } from "./crm.ts"
import { faultBody } from "./answers.ts"
import { createTokens, demoApp, demoToken } from "./oauth.ts"
import { objectRoutes } from "./object-routes.ts"
import { peopleOf } from "./people.ts"
import { searchRoutes } from "./search.ts"
import { loadSeed } from "./seed.ts"
import { signedDelivery, type Delivery } from "./webhook.ts"

export { demoApp, demoToken } from "./oauth.ts"

const TEN_SECONDS = 10_000
const DAY = 86_400_000

/** Search answers carry no rate-limit headers. */
const isSearch = (path: string): boolean => path.endsWith("/search")

export interface HubspotWorld extends Crm {
  /** The webhook call by which HubSpot would tell of everything since `seq` (of `contacts.seq()` …). */
  readonly delivery: (since: { readonly contacts: number; readonly companies: number }, url: string) => Delivery
  /** Ends all access that was granted for a refresh token. */
  readonly revoke: () => void
}

export const fake = defineFake<HubspotWorld>({
  name: "hubspot",
  title: "HubSpot",
  credentials: { token: demoToken },
  build: ({ clock, settings }) => {
    // several clients at once, as a test kit has them, are more than one account's worth
    const generous = settings["generous"] === true ? 1000 : 1
    const associations = createAssociations()
    const crm = createCrm(clock, associations, typeof settings["lagMs"] === "number" ? settings["lagMs"] : 0)
    const tokens = createTokens(clock)
    const routes: Routes = {
      ...tokens.routes,
      ...searchRoutes(crm),
      ...batchRoutes(crm),
      ...associationRoutes(crm, associations),
      ...objectRoutes(crm),
    }
    return {
      world: {
        ...crm,
        delivery: (since, url) => signedDelivery(crm, since, url, demoApp.clientSecret, clock.now()),
        revoke: tokens.revoke,
      },
      routes,
      gate: tokens.gate,
      windows: [
        { name: "SECONDLY", max: 4 * generous, perMs: 1000, counts: ({ path }) => isSearch(path) },
        { name: "TEN_SECONDLY_ROLLING", max: 100 * generous, perMs: TEN_SECONDS, counts: ({ path }) => !isSearch(path) },
        { name: "DAILY", max: 250_000, perMs: DAY },
      ],
      // no Retry-After: the policy's name is all that is said
      tooMany: ({ name }) => ({
        status: 429,
        body: {
          status: "error",
          message: name === "SECONDLY" ? "You have reached your secondly limit." : `You have reached your ${name.toLowerCase()} limit.`,
          errorType: "RATE_LIMIT",
          correlationId: "00000000-0000-4000-8000-000000000429",
          policyName: name === "ordered" ? "TEN_SECONDLY_ROLLING" : name,
        },
      }),
      headers: (usage) => {
        const ten = usage.find(({ name }) => name === "TEN_SECONDLY_ROLLING")
        return ten === undefined
          ? {}
          : {
              "x-hubspot-ratelimit-max": String(ten.max),
              "x-hubspot-ratelimit-remaining": String(ten.remaining),
              "x-hubspot-ratelimit-interval-milliseconds": String(ten.perMs),
            }
      },
      notFound: () => ({ status: 404, body: faultBody("OBJECT_NOT_FOUND", "resource not found") }),
      seed: (file) => loadSeed(crm, file),
      people: peopleOf(crm),
      admin: {
        lag: ({ ms }) => {
          crm.setLag(typeof ms === "number" ? ms : 0)
          return { ok: true }
        },
        merge: ({ into, id }) => {
          crm.merge("contacts", String(into), String(id))
          return { ok: true }
        },
        restore: ({ id }) => {
          crm.restore("contacts", String(id))
          return { ok: true }
        },
      },
    }
  },
})
