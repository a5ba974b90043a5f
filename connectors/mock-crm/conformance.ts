// How the conformance kit meets this connector: the mock server on a free port, contacts, and what its users do.
import type { Conformance } from "@syncline/testkit/connector"
import { demoClientId, demoClientSecret, demoToken, startMockCrm } from "./src/server/index.ts"

export const conformance: Conformance = {
  start: async () => {
    // The kit is quicker than a person, and the server's limit counts real time.
    const server = await startMockCrm({ limits: { max: 100_000, perMs: 1000 }, uniqueEmail: true })
    const call = async (method: string, path: string, body?: unknown): Promise<string> => {
      const answer = await fetch(server.url + path, {
        method,
        headers: { authorization: `Bearer ${demoToken}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`the mock answers ${method} ${path} with ${answer.status}: ${text}`)
      return text
    }
    return {
      config: { baseUrl: server.url, clientId: demoClientId, clientSecret: demoClientSecret },
      outside: {
        contacts: {
          edit: async (id, set) => void (await call("PATCH", `/contacts/${id}`, set)),
          delete: async (id) => void (await call("DELETE", `/contacts/${id}`)),
        },
      },
      close: () => server.close(),
    }
  },
  resources: {
    contacts: {
      item: {
        email: "{unique}@example.com",
        first_name: "Ann {unique}",
        last_name: "Kit",
        phone: "+1 202 555 0101",
        account: { name: "Acme {unique}" },
        labels: ["kit"],
        stage: "lead",
      },
      edit: { last_name: "Edited {unique}", account: { name: "Other {unique}" }, labels: ["kit", "{unique}"] },
      text: "first_name",
      clear: "phone",
      invalid: { email_opt_out: "neither yes nor no" },
    },
  },
}
