// The public API for single members and for pages of them.
import type { Json } from "@syncline/connector"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import { accept } from "./accept.ts"
import { addressProblem, normaliseAddress } from "./address.ts"
import { idOf, show, type Member, type Row } from "./member.ts"
import type { Action, MemberWrites, Written } from "./member-writes.ts"
import type { Members } from "./members.ts"
import type { MergeSchema } from "./merge-schema.ts"
import { parseMembersQuery } from "./members-query.ts"
import { problemBody, problemStatus, type Problem } from "./problem.ts"
import { notesOf } from "./request-notes.ts"

export interface ApiParts {
  readonly members: Members
  readonly writes: MemberWrites
  readonly schema: () => MergeSchema
  readonly exposeContactId: boolean
}

export type ListRoute = { Params: { list: string } }
type MemberRoute = { Params: { list: string; hash: string } }

export const refuse = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply.code(problemStatus(problem.code)).send(problemBody(problem))

export const shower = (parts: ApiParts): ((row: Row) => Member) => {
  const { fields } = parts.schema()
  return (row) => show(row, fields, parts.exposeContactId)
}

export const noteWrite = (request: FastifyRequest, row: Row, action: Action | "deleted"): void => {
  if (action !== "unchanged") notesOf(request)?.writes.push({ action, list: row.list, id: row.id, email_address: row.address })
}

const noteAddress = (request: FastifyRequest, body: Json): void => {
  if (typeof body === "object" && body !== null && "email_address" in body && typeof body.email_address === "string") {
    notesOf(request)?.addresses.push(body.email_address)
  }
}

/** By hand an address is easier to type than its hash. */
const hashIn = ({ params: { hash } }: FastifyRequest<MemberRoute>): string => (hash.includes("@") ? idOf(normaliseAddress(hash)) : hash)

export const addMemberRoutes = (app: FastifyInstance, parts: ApiParts): void => {
  const { members, writes } = parts

  const find = (request: FastifyRequest<MemberRoute>): Row | undefined => {
    const { list } = request.params
    const hash = hashIn(request)
    notesOf(request)?.ids.push(hash)
    return members.one(list, hash)
  }
  const missing = (reply: FastifyReply): FastifyReply =>
    refuse(reply, { code: "member_not_found", message: "this list has no member with that id" })
  const answer = (request: FastifyRequest, reply: FastifyReply, written: Written): FastifyReply => {
    if ("problem" in written) return refuse(reply, written.problem)
    noteWrite(request, written.row, written.action)
    return reply.code(written.action === "created" ? 201 : 200).send(shower(parts)(written.row))
  }

  /** What readers see while a stale read is ordered: recently written members as they were before. */
  const asRead = (request: FastifyRequest, rows: readonly Row[]): Row[] => {
    if (notesOf(request)?.fault?.kind !== "stale-read") return [...rows]
    return rows.map((row) => members.before(row) ?? (members.before(row) === null ? null : row)).filter((row) => row !== null)
  }

  app.get("/ping", (_request, reply) => reply.send({ ok: true }))

  app.get<ListRoute>("/lists/:list", (request, reply) => {
    const { list } = request.params
    return reply.send({ list, member_count: members.count(list), contact_ids: parts.exposeContactId, merge_fields: parts.schema().fields })
  })

  app.get<ListRoute & { Querystring: Record<string, string | string[]> }>("/lists/:list/members", (request, reply) => {
    const query = parseMembersQuery(request.query, parts.exposeContactId)
    if ("problem" in query) return refuse(reply, query.problem)
    const { list } = request.params
    const notes = notesOf(request)
    if (query.by !== "page") {
      const values = query.by === "email" ? query.values.map((address) => idOf(normaliseAddress(address))) : query.values
      if (query.by === "email") notes?.addresses.push(...query.values)
      else notes?.ids.push(...query.values)
      const rows = asRead(request, members.find(list, query.by === "contact_id" ? "contact_id" : "id", values))
      return reply.send({ list, members: rows.map(shower(parts)), total_items: rows.length })
    }
    const { rows, total } = members.page({ list, ...query })
    const kind = notes?.fault?.kind
    if (kind === "empty-list") return reply.send({ list, members: [], total_items: 0 })
    const kept = kind === "half-list" ? rows.slice(0, Math.floor(rows.length / 2)) : asRead(request, rows)
    const told = kind === "half-list" ? Math.floor(total / 2) : total
    return reply.send({ list, members: kept.map(shower(parts)), total_items: told })
  })

  app.post<ListRoute & { Body: Json }>("/lists/:list/members", (request, reply) => {
    noteAddress(request, request.body)
    const accepted = accept(request.body, parts.schema())
    if ("problem" in accepted) return refuse(reply, accepted.problem)
    return answer(
      request,
      reply,
      members.transaction(() => writes.add(request.params.list, accepted.input)),
    )
  })

  app.get<MemberRoute>("/lists/:list/members/:hash", (request, reply) => {
    const row = find(request)
    const seen = row === undefined ? undefined : asRead(request, [row])[0]
    return seen === undefined ? missing(reply) : reply.send(shower(parts)(seen))
  })

  app.put<MemberRoute & { Body: Json }>("/lists/:list/members/:hash", (request, reply) => {
    noteAddress(request, request.body)
    const accepted = accept(request.body, parts.schema())
    if ("problem" in accepted) return refuse(reply, accepted.problem)
    const { input } = accepted
    const row = find(request)
    const { list } = request.params
    if (row !== undefined && row.status !== "archived")
      return answer(
        request,
        reply,
        members.transaction(() => writes.update(row, input)),
      )
    if (row !== undefined) {
      const status = input.status ?? input.statusIfNew
      return answer(
        request,
        reply,
        members.transaction(() => writes.update(row, { ...input, ...(status === undefined ? {} : { status }) })),
      )
    }
    if (input.address !== undefined && idOf(input.address) !== hashIn(request) && addressProblem(input.address) === null) {
      return refuse(reply, { code: "hash_mismatch", field: "email_address", message: "the id in the path is not the id of this address" })
    }
    return answer(
      request,
      reply,
      members.transaction(() => writes.add(list, input)),
    )
  })

  app.patch<MemberRoute & { Body: Json }>("/lists/:list/members/:hash", (request, reply) => {
    noteAddress(request, request.body)
    const row = find(request)
    if (row === undefined) return missing(reply)
    const accepted = accept(request.body, parts.schema())
    if ("problem" in accepted) return refuse(reply, accepted.problem)
    return answer(
      request,
      reply,
      members.transaction(() => writes.update(row, accepted.input)),
    )
  })

  app.delete<MemberRoute>("/lists/:list/members/:hash", (request, reply) => {
    const row = find(request)
    if (row === undefined) return missing(reply)
    const written = members.transaction(() => writes.update(row, { status: "archived" }))
    if ("problem" in written) return refuse(reply, written.problem)
    noteWrite(request, written.row, written.action)
    return reply.code(204).send()
  })

  app.post<MemberRoute>("/lists/:list/members/:hash/actions/delete-permanent", (request, reply) => {
    const row = find(request)
    if (row === undefined) return missing(reply)
    members.remove(row)
    noteWrite(request, row, "deleted")
    return reply.code(204).send()
  })
}
