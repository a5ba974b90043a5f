// /admin/faults: ordering, listing and cancelling faults.
import type { FastifyInstance, FastifyRequest } from "fastify"
import type { FaultBoard, FaultOrder } from "../fault/order.ts"
import { Problem } from "../protocol/problem.ts"
import type { Store } from "../store/store.ts"

const shown = ({ settings, until, ...order }: FaultOrder): Record<string, unknown> => ({
  ...settings,
  ...order,
  ends_at: until === null ? null : new Date(until).toISOString(),
})

export const adminFaults = (app: FastifyInstance, board: FaultBoard, store: Store): void => {
  app.post("/admin/faults", (request, reply) => {
    const orders = board.order(request.body)
    if (orders.some((order) => order.kind === "stale-read")) store.freeze()
    return reply.code(201).send({ faults: orders.map(shown) })
  })

  app.get("/admin/faults", (_request, reply) => reply.send({ faults: board.list().map(shown) }))

  app.delete("/admin/faults", (_request, reply) => {
    board.cancel(null)
    return reply.code(204).send()
  })

  app.delete("/admin/faults/:id", (request: FastifyRequest<{ Params: { id: string } }>, reply) => {
    const id = Number(request.params.id)
    if (!board.list().some((order) => order.id === id)) throw new Problem(404, "not-found", "There is no such fault")
    board.cancel(id)
    return reply.code(204).send()
  })
}
