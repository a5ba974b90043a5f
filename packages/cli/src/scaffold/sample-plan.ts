// The API that a new connector begins with, where nothing is known yet: people behind a bearer token, with everything that
// makes an API easy to keep in step, so that each part can be seen at work before it is replaced.
import type { ApiPlan } from "./api-plan.ts"

export const samplePlan = (name: string, title: string): ApiPlan => ({
  name,
  title,
  baseUrl: null,
  auth: { type: "bearer" },
  notes: [],
  resources: [
    {
      name: "people",
      path: "/people",
      recordsAt: "people",
      itemAt: "",
      bodyAt: "",
      id: "id",
      idType: "text",
      schema: {
        type: "object",
        required: ["id", "email", "revision", "updated_at"],
        properties: {
          id: { type: "string", readOnly: true },
          email: { type: "string", maxLength: 254 },
          first_name: { type: ["string", "null"], maxLength: 200 },
          last_name: { type: ["string", "null"], maxLength: 200 },
          phone: { type: ["string", "null"], maxLength: 50 },
          tags: { type: "array", items: { type: "string" } },
          revision: { type: "integer", readOnly: true },
          updated_at: { type: "string", format: "date-time", readOnly: true },
        },
      },
      paging: { kind: "token", at: "next", to: "after" },
      limit: { to: "limit", max: 100 },
      since: { to: "updated_since", field: "updated_at" },
      deletedFlag: "deleted",
      version: { kind: "revision", field: "revision" },
      modified: "updated_at",
      lookup: true,
      keys: [{ name: "email", unique: true }],
      create: { idempotencyHeader: "Idempotency-Key" },
      update: { method: "PATCH", ifMatch: true },
      remove: { ifMatch: true },
      readOnly: ["id", "revision", "updated_at"],
      item: { email: "{unique}@example.com", first_name: "Ann {unique}", last_name: "Example", phone: "+1 202 555 0101", tags: ["new"] },
      edit: { last_name: "Edited {unique}" },
      text: "last_name",
      clear: "phone",
      invalid: { first_name: 5 },
      decide: {
        deletes: "are deleted items listed among the changes, as here? Else: deletes: { absence: true }, or { flag: =rec.archived }",
        create: "does the API know a key for retries? Without one a create that got no answer is settled by its unique key, or by a person",
        update: "does it compare versions itself, as here with If-Match? Else: guard: readCompare",
      },
    },
  ],
})
