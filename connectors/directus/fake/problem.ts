// Errors as Directus writes them: a list with one, its code among the extensions.
import type { JsonObject } from "@syncline/connector"
import type { FakeAnswer } from "@syncline/testkit/fake"

export const problem = (status: number, code: string, message: string, extensions: JsonObject = {}): FakeAnswer => ({
  status,
  body: { errors: [{ message, extensions: { ...extensions, code } }] },
})

export const forbidden: FakeAnswer = problem(403, "FORBIDDEN", "You don't have permission to access this.")
