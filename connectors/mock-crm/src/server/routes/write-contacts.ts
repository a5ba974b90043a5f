// POST /contacts, PATCH and DELETE /contacts/:id.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { preconditionsOf } from "../protocol/precondition.ts"
import { applyOperation } from "../write/apply.ts"
import type { Operation } from "../write/operation.ts"
import { idempotencyKeyOf } from "./idempotency-key.ts"
import type { RouteContext } from "./context.ts"

type ById = { Params: { id: string } }

export const writeContacts = (app: FastifyInstance, { store, uniqueEmail }: RouteContext): void => {
  const answer = (request: FastifyRequest, reply: FastifyReply, operation: Operation): FastifyReply => {
    const result = store.db.transaction(() => applyOperation(store, operation, uniqueEmail)).immediate()
    if (!result.ok)
      return reply.code(result.problem.status).type("application/problem+json; charset=utf-8").send(JSON.stringify(result.problem))
    request.trace.ids.add(result.id)
    if (result.changed) request.trace.changed += 1
    if (result.replayed) reply.header("idempotent-replayed", "true")
    if (result.etag !== null) reply.header("etag", result.etag)
    if (result.status === 201) reply.header("location", `/contacts/${encodeURIComponent(result.id)}`)
    reply.code(result.status)
    return result.contact === null ? reply.send() : reply.type("application/json; charset=utf-8").send(result.contact)
  }

  app.post("/contacts", (request, reply) =>
    // the target of a create is the collection, so no precondition about a contact can be meant
    answer(request, reply, {
      op: "create",
      data: request.body,
      idempotencyKey: idempotencyKeyOf(request),
      preconditions: { ifMatch: null, ifNoneMatch: null },
    }),
  )

  const acceptPatch = async (_request: FastifyRequest, reply: FastifyReply): Promise<void> =>
    void reply.header("accept-patch", "application/merge-patch+json, application/json")

  app.patch<ById>("/contacts/:id", { onRequest: acceptPatch }, (request, reply) => {
    request.trace.ids.add(request.params.id)
    return answer(request, reply, {
      op: "update",
      id: request.params.id,
      data: request.body,
      idempotencyKey: idempotencyKeyOf(request),
      preconditions: preconditionsOf(request.headers),
    })
  })

  app.delete<ById>("/contacts/:id", (request, reply) => {
    request.trace.ids.add(request.params.id)
    return answer(request, reply, {
      op: "delete",
      id: request.params.id,
      idempotencyKey: idempotencyKeyOf(request),
      preconditions: preconditionsOf(request.headers),
    })
  })
}
