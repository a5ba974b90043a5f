// The connector to the mock e-mail platform.
import { FaultError, isObject, type Connector, type ConnectorDefinition } from "@syncline/connector"
import { describe } from "./description.ts"
import { lookup } from "./lookup.ts"
import { pull } from "./pull.ts"
import { push } from "./push.ts"
import { listPath, notUnderstood, type MemberApi } from "./remote-member.ts"
import { configSchema, httpSettings, readSettings } from "./settings.ts"

const onlyMembers = (resource: string): void => {
  if (resource !== "members")
    throw new FaultError({ class: "invalid", message: `The e-mail platform has no resource ${resource}; it has members.` })
}

export const mockEmail: ConnectorDefinition = {
  name: "mock-email",
  configSchema,
  describe: (config) => describe(readSettings(config)),
  http: (config) => httpSettings(readSettings(config)),
  open(config, { http }): Connector {
    const { list, exposeContactId } = readSettings(config)
    const api: MemberApi = { http, list, contactIds: exposeContactId }
    return {
      async check(options = {}) {
        const { body } = await http.request({
          method: "GET",
          path: listPath(api),
          ...(options.signal === undefined ? {} : { signal: options.signal }),
        })
        if (!isObject(body) || typeof body["contact_ids"] !== "boolean") throw notUnderstood("it does not describe a list")
        // The other way round is fine: what the platform shows need not be used.
        if (exposeContactId && !body["contact_ids"]) {
          throw new FaultError({ class: "invalid", message: "This account has no contact ids: set exposeContactId to false." })
        }
      },
      async pull(resource, request, options) {
        onlyMembers(resource)
        return pull(api, request, options)
      },
      async push(resource, ops, options) {
        onlyMembers(resource)
        return push(api, ops, options)
      },
      async lookup(resource, by, values, options) {
        onlyMembers(resource)
        return lookup(api, by, values, options)
      },
    }
  },
}
