// The connector to a mock CRM: wiring only.
import { FaultError, type Connector, type ConnectorDefinition } from "@syncline/connector"
import { configSchema, httpSettings } from "./config.ts"
import { description } from "./describe.ts"
import { lookup } from "./lookup.ts"
import { pullDelta, pullSnapshot } from "./pull.ts"
import { push } from "./push.ts"

const known = (resource: string): void => {
  if (resource !== "contacts")
    throw new FaultError({ class: "invalid", message: `The mock CRM has no resource ${JSON.stringify(resource)}, only "contacts"` })
}

export const mockCrm: ConnectorDefinition = {
  name: "mock-crm",
  configSchema,
  describe: () => description,
  http: httpSettings,
  open: (_config, { http }): Connector => ({
    check: async (options = {}) => {
      await http.request({ method: "GET", path: "/changes/head", ...options })
    },
    pull: async (resource, request, options = {}) => {
      known(resource)
      return request.mode === "snapshot" ? pullSnapshot(http, request, options) : pullDelta(http, request, options)
    },
    lookup: async (resource, by, values, options = {}) => {
      known(resource)
      if (by !== "id" && by !== "email")
        throw new FaultError({ class: "invalid", message: `Contacts cannot be looked up by ${JSON.stringify(by)}` })
      return lookup(http, by, values, options)
    },
    push: async (resource, ops, options = {}) => {
      known(resource)
      return push(http, ops, options)
    },
  }),
}
