// How the conformance kit meets this connector: the mock platform on a free port, members, and what its users do.
import type { Conformance } from "@syncline/testkit/connector"
import { defaultList, demoKey, startMockEmail } from "./src/server/index.ts"

export const conformance: Conformance = {
  start: async () => {
    const server = await startMockEmail({ exposeContactId: true })
    const members = `/lists/${defaultList}/members`
    const call = async (method: string, path: string, body?: unknown): Promise<string> => {
      const answer = await fetch(server.url + path, {
        method,
        headers: { "x-api-key": demoKey, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`the mock answers ${method} ${path} with ${answer.status}: ${text}`)
      return text
    }
    return {
      config: { baseUrl: server.url, apiKey: demoKey, list: defaultList },
      outside: {
        members: {
          edit: async (id, set) => void (await call("PATCH", `${members}/${id}`, set)),
          delete: async (id) => void (await call("DELETE", `${members}/${id}`)),
          erase: async (id) => void (await call("POST", `${members}/${id}/actions/delete-permanent`)),
          restore: async (id) => void (await call("PATCH", `${members}/${id}`, { status: "subscribed" })),
          rekey: async (id) => {
            const changed: unknown = JSON.parse(await call("PATCH", `${members}/${id}`, { email_address: `moved-${id}@example.com` }))
            return typeof changed === "object" && changed !== null && "id" in changed ? String(changed.id) : ""
          },
        },
      },
      close: () => server.close(),
    }
  },
  resources: {
    members: {
      item: {
        email_address: "{unique}@example.com",
        status: "subscribed",
        merge_fields: { FNAME: "Ann", LNAME: "Kit {unique}", COMPANY: "Acme", PHONE: "+1 202 555 0101" },
        tags: ["kit"],
      },
      edit: { merge_fields: { LNAME: "Edited {unique}", COMPANY: "Other {unique}" }, tags: ["kit", "{unique}"] },
      text: "merge_fields.COMPANY",
      clear: "merge_fields.PHONE",
      invalid: { status: "asleep" },
    },
  },
}
