// What routes are given.
import type { FastifyRequest } from "fastify"
import type { Injector } from "../fault/inject.ts"
import type { ContactReader } from "../store/contact-reader.ts"
import type { Store } from "../store/store.ts"

export interface RouteContext {
  readonly store: Store
  readonly injector: Injector
  readonly uniqueEmail: boolean
}

export interface View {
  readonly contacts: ContactReader
  /** The newest change this view knows. */
  head(): number
}

/** The truth, or the lagging replica where a stale-read fault hits this request. */
export const viewFor = ({ store, injector }: RouteContext, request: FastifyRequest): View =>
  injector.take("stale-read", request) ? store.stale : { contacts: store.contacts, head: () => store.changes.head() }
