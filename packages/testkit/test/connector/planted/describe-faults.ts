// Faults in what a connector says of itself, and in how it deals with credentials and secrets.
import { FaultError, isObject } from "@syncline/connector"
import { calling, items, pulling, saying, sending, without, type PlantedFault } from "./plant.ts"

export const describeFaults: readonly PlantedFault[] = [
  {
    fault: "its description is another one each time",
    check: "describe-stable",
    in: "crm",
    plant: (good) => ({ ...good, describe: (config) => ({ ...good.describe(config), title: `Mock CRM ${Math.random()}` }) }),
  },
  {
    fault: "it declares deletes by absence and has no snapshot",
    check: "declarations-agree",
    in: "crm",
    plant: saying((spec) => ({ ...spec, deletes: ["absence"], read: { ...spec.read, snapshot: false } })),
  },
  {
    fault: "it declares to find contacts by a key that it does not have",
    check: "declarations-agree",
    in: "crm",
    plant: saying((spec) => ({ ...spec, read: { ...spec.read, lookup: { by: ["id", "nickname"], max: 10 } } })),
  },
  {
    fault: "its API key is an ordinary setting",
    check: "declarations-agree",
    in: "email",
    plant: (good) => ({
      ...good,
      configSchema: {
        ...good.configSchema,
        properties: { baseUrl: { type: "string" }, apiKey: { type: "string" }, list: { type: "string" } },
      },
    }),
  },
  {
    fault: "its schema says that ids are numbers",
    check: "schema-valid",
    in: "crm",
    plant: saying((spec) => ({ ...spec, schema: { ...spec.schema, properties: { id: { type: "integer" } } } })),
  },
  {
    fault: "it leaves out a member that its schema requires",
    check: "schema-valid",
    in: "crm",
    plant: items((item) => without(item, "updated_at")),
  },
  {
    fault: "a resource that it does not have crashes it",
    check: "unknown-resource",
    in: "crm",
    plant: calling((good) => ({
      pull: async (resource, request, options) => {
        const pulls: Readonly<Record<string, typeof good.pull>> = { contacts: good.pull }
        // What a lookup in a table does when nobody looks whether it found anything.
        return (pulls[resource] as typeof good.pull)(resource, request, options)
      },
    })),
  },
  {
    fault: "its check never asks the system",
    check: "wrong-credentials",
    in: "crm",
    plant: calling(() => ({ check: async () => {} })),
  },
  {
    fault: "it takes a 401 for an outage",
    check: "401-is-auth",
    in: "email",
    plant: sending(async (request, send) => {
      try {
        return await send(request)
      } catch (error) {
        if (error instanceof FaultError && error.fault.class === "auth") throw new FaultError({ ...error.fault, class: "transient" })
        throw error
      }
    }),
  },
  {
    fault: "it takes a refusal for an empty list",
    check: "403-is-refused",
    in: "crm",
    plant: sending(async (request, send) => {
      const answer = await send({ ...request, accept: [...(request.accept ?? []), 403] })
      return answer.status === 403
        ? { ...answer, status: 200, body: { contacts: [], changes: [], missing: [], next_page_token: null, seq: 1, results: [] } }
        : answer
    }),
  },
  {
    fault: "it takes a dead network for wrong credentials",
    check: "network-is-transient",
    in: "crm",
    plant: sending(async (request, send) => {
      try {
        return await send(request)
      } catch (error) {
        if (error instanceof FaultError && error.fault.status === undefined)
          throw new FaultError({ class: "auth", message: "The CRM does not let us in." })
        throw error
      }
    }),
  },
  {
    fault: "it takes a login page for an empty answer",
    check: "html-is-no-answer",
    in: "email",
    plant: sending(async (request, send) => {
      try {
        return await send(request)
      } catch (error) {
        if (error instanceof FaultError && error.fault.status === 200)
          return { status: 200, headers: { date: new Date().toUTCString() }, body: { members: [], total_items: 0, contact_ids: true } }
        throw error
      }
    }),
  },
  {
    fault: "each call fetches a token for itself",
    check: "one-refresh",
    in: "crm",
    plant: (good) => ({
      ...good,
      http: (config) => ({ ...good.http(config), auth: { type: "none" } }),
      open: (config, context) =>
        good.open(config, {
          ...context,
          http: {
            request: async (request) => {
              const pair = Buffer.from(`${String(config["clientId"])}:${String(config["clientSecret"])}`).toString("base64")
              const headers = { authorization: `Basic ${pair}` }
              const { body } = await context.http.request({
                method: "POST",
                path: "/oauth/token",
                form: { grant_type: "client_credentials" },
                headers,
                safe: true,
              })
              const token = isObject(body) ? String(body["access_token"]) : ""
              return context.http.request({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } })
            },
          },
        }),
    }),
  },
  {
    fault: "its faults quote the key that it was given",
    check: "no-secret-said",
    in: "email",
    plant: (good) => ({
      ...good,
      open: (config, context) =>
        good.open(config, {
          ...context,
          http: {
            request: async (request) => {
              try {
                return await context.http.request(request)
              } catch (error) {
                if (!(error instanceof FaultError)) throw error
                throw new FaultError({ ...error.fault, message: `${error.fault.message} (key ${String(config["apiKey"])})` })
              }
            },
          },
        }),
    }),
  },
  {
    fault: "its cursors hold the client's secret",
    check: "no-secret-said",
    in: "crm",
    plant: calling((good, _context, config) => ({
      pull: async (resource, request, options) => {
        const page = await good.pull(resource, request, options)
        return { ...page, next: isObject(page.next) ? { ...page.next, auth: config["clientSecret"] ?? null } : page.next }
      },
    })),
  },
  {
    fault: "it sends requests past its client",
    check: "calls-by-the-client",
    in: "email",
    plant: calling((good, _context, config) => ({
      check: async () => {
        const answer = await fetch(`${String(config["baseUrl"])}/ping`, { headers: { "x-api-key": String(config["apiKey"]) } })
        if (answer.status === 401) throw new FaultError({ class: "auth", message: "The key is wrong." })
        await good.check()
      },
    })),
  },
  {
    fault: "it says its own time for the system's",
    check: "own-clock-means-nothing",
    in: "crm",
    plant: pulling((page, _request, _pull, { now }) => ({ ...page, asOf: new Date(now()).toISOString() })),
  },
]
