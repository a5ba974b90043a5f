// POST /oauth/token: client id and secret, as Basic or in the form, against a short-lived bearer token.
import type { FastifyInstance } from "fastify"
import type { Auth } from "../gate/auth.ts"

export const oauth = (app: FastifyInstance, auth: Auth): void => {
  app.post("/oauth/token", (request, reply) => {
    const form: Record<string, unknown> = typeof request.body === "object" && request.body !== null ? { ...request.body } : {}
    const { token, expiresInS } = auth.grant(request.headers.authorization, form)
    return reply
      .headers({ "cache-control": "no-store", pragma: "no-cache" })
      .type("application/json; charset=utf-8")
      .send(JSON.stringify({ access_token: token, token_type: "Bearer", expires_in: expiresInS }))
  })
}
