// Mailchimp's Marketing API, as far as the members of audiences and their tags go: ids made from addresses, a stable
// `contact_id` beside them, whole seconds, batches of 500, archived and forgotten members, consent that may not be forged.
// State in memory; API key `mailchimp-demo-key-us1`, audience `a1b2c3d4e5`.
import { basicOf, bearerOf, defineFake } from "@syncline/testkit/fake"
import { createAudiences, type Audiences } from "./audiences.ts"
import { batchRoutes } from "./batch.ts"
import { memberRoutes } from "./member-routes.ts"
import { peopleOf } from "./people.ts"
import { problem } from "./problem.ts"
import { loadSeed } from "./seed.ts"
import { webhookCall, type WebhookCall } from "./webhook.ts"

export const demoKey = "mailchimp-demo-key-us1"
export const demoList = "a1b2c3d4e5"
export const demoHookSecret = "mailchimp-demo-hook"

const MAX_CONNECTIONS = 10

export interface MailchimpWorld extends Audiences {
  /** The webhook call by which Mailchimp would tell of the present state of a member. */
  readonly delivery: (contactId: string, url: string) => WebhookCall
}

export const fake = defineFake<MailchimpWorld>({
  name: "mailchimp",
  title: "Mailchimp",
  credentials: { apiKey: demoKey, list: demoList },
  build: ({ clock }) => {
    const audiences = createAudiences(clock, [demoList])
    return {
      world: { ...audiences, delivery: (contactId, url) => webhookCall(audiences, demoList, contactId, url, demoHookSecret) },
      routes: { ...memberRoutes(audiences), ...batchRoutes(audiences) },
      // any user name will do
      gate: (request) => {
        const key = basicOf(request)?.password ?? bearerOf(request)
        if (key === demoKey) return undefined
        return key === undefined
          ? problem(401, "API Key Missing", "Your request did not include an API key.")
          : problem(401, "API Key Invalid", "Your API key may be invalid, or you've attempted to access the wrong datacenter.")
      },
      concurrency: {
        max: MAX_CONNECTIONS,
        refuse: problem(429, "Too Many Requests", "You have exceeded the limit of 10 simultaneous connections."),
      },
      // what stands before the API refuses with a bare 403, without JSON and without a word on how long
      tooMany: () => ({
        status: 403,
        body: "<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD></HTML>",
        headers: { "content-type": "text/html" },
      }),
      notFound: () => problem(404, "Resource Not Found", "The requested resource could not be found."),
      seed: (file) => loadSeed(audiences, demoList, file),
      people: peopleOf(audiences, demoList),
    }
  },
})
