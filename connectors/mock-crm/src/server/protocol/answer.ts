// Sends a representation with its strong tag, or 304 without a body where the client already has it (RFC 9110, 15.4.5).
import type { FastifyReply, FastifyRequest } from "fastify"
import { judge, preconditionsOf } from "./precondition.ts"
import { Problem } from "./problem.ts"
import { tagOfBytes } from "./etag.ts"

/** For GET and HEAD. The fields a 200 would carry travel with the 304 as well. */
export const sendRepresentation = (request: FastifyRequest, reply: FastifyReply, body: string, etag = tagOfBytes(body)): FastifyReply => {
  reply.headers({ etag, "cache-control": "private, no-cache", vary: "Authorization" })
  const verdict = judge(preconditionsOf(request.headers), etag)
  if (verdict === "ifMatchFailed") throw new Problem(412, "precondition-failed", "The representation has another entity tag", {}, { etag })
  if (verdict === "ifNoneMatchFailed") return reply.code(304).send()
  return reply.type("application/json; charset=utf-8").send(body)
}
