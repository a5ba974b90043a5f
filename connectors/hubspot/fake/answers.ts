// Error bodies as HubSpot words them.
import type { Json, JsonObject } from "@syncline/connector"
import { refused, type Refused } from "@syncline/testkit/fake"

export const faultBody = (category: string, message: string, more: JsonObject = {}): JsonObject => ({
  status: "error",
  message,
  correlationId: "00000000-0000-4000-8000-000000000000",
  category,
  ...more,
})

export interface PropertyProblem {
  readonly name: string
  readonly error: string
  readonly message: string
}

/** The message holds the problems as JSON, and so do `errors`. */
export const invalidProperties = (problems: readonly PropertyProblem[]): JsonObject =>
  faultBody(
    "VALIDATION_ERROR",
    `Property values were not valid: ${JSON.stringify(problems.map(({ name, error, message }) => ({ isValid: false, message, error, name, localizedErrorMessage: message })))}`,
    { errors: problems.map(({ name, error, message }): Json => ({ message, code: error, context: { propertyName: [name] } })) },
  )

export const badRequest = (message: string): Refused => refused(400, faultBody("VALIDATION_ERROR", message))

/** An element of `errors` in a batch answer. */
export const batchError = (category: string, message: string, context: JsonObject): JsonObject => ({
  status: "error",
  category,
  message,
  context,
})

/** 207 as soon as one failed. */
export const batchAnswer = (
  results: readonly Json[],
  errors: readonly JsonObject[],
  at: string,
  okStatus: number,
  changed: number,
): { readonly status: number; readonly body: JsonObject; readonly changed: number } => ({
  status: errors.length > 0 ? 207 : okStatus,
  changed,
  body: {
    status: "COMPLETE",
    results,
    ...(errors.length > 0 ? { numErrors: errors.length, errors } : {}),
    startedAt: at,
    completedAt: at,
  },
})
