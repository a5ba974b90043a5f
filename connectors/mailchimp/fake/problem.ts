// Error bodies as Mailchimp words them: problem+json with a title that says what happened.
import type { FakeAnswer } from "@syncline/testkit/fake"

export interface FieldError {
  readonly field: string
  readonly message: string
}

export const problem = (status: number, title: string, detail: string, errors: readonly FieldError[] = []): FakeAnswer => ({
  status,
  headers: { "content-type": "application/problem+json; charset=utf-8" },
  body: {
    type: "https://mailchimp.com/developer/marketing/docs/errors/",
    title,
    status,
    detail,
    instance: "00000000-0000-4000-8000-000000000000",
    ...(errors.length > 0 ? { errors: errors.map((error) => ({ ...error })) } : {}),
  },
})

export const resourceNotFound = (): FakeAnswer => problem(404, "Resource Not Found", "The requested resource could not be found.")
