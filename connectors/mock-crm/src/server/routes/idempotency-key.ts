// The Idempotency-Key of a request. Quotes around it, as in the header's draft standard, mean the same key.
import type { FastifyRequest } from "fastify"
import { Problem } from "../protocol/problem.ts"

const maxLength = 255

export const checkKey = (key: string): string => {
  const bare = /^"(.*)"$/.exec(key)?.[1] ?? key
  if (bare === "" || bare.length > maxLength) throw new Problem(400, "bad-header", `An idempotency key has 1 to ${maxLength} characters`)
  return bare
}

export const idempotencyKeyOf = (request: FastifyRequest): string | null => {
  const value = request.headers["idempotency-key"]
  return typeof value === "string" ? checkKey(value) : null
}
