// What the parts of the server tell each other about one request: the trouble it is in for, whom it names, what it did.
import type { FastifyRequest } from "fastify"
import type { FaultOrder } from "./faults.ts"
import type { LoggedWrite } from "./request-log.ts"

export interface Notes {
  readonly fault: FaultOrder | undefined
  readonly ids: string[]
  readonly addresses: string[]
  readonly writes: LoggedWrite[]
}

const notes = new WeakMap<FastifyRequest, Notes>()

export const beginNotes = (request: FastifyRequest, fault: FaultOrder | undefined): void => {
  notes.set(request, { fault, ids: [], addresses: [], writes: [] })
}

export const notesOf = (request: FastifyRequest): Notes | undefined => notes.get(request)
