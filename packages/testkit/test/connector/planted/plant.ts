// How a fault is planted into a good connector: around its calls, around its client, or in what it says of itself.
import type {
  Connector,
  ConnectorContext,
  ConnectorDefinition,
  Description,
  HttpRequest,
  HttpResponse,
  JsonObject,
  Op,
  Outcome,
  Page,
  PullRequest,
  ResourceSpec,
} from "@syncline/connector"

export type Plant = (good: ConnectorDefinition) => ConnectorDefinition

export interface PlantedFault {
  /** What is wrong with it. */
  readonly fault: string
  /** The check that is there to find it. */
  readonly check: string
  readonly in: "crm" | "email"
  readonly plant: Plant
}

export const calling =
  (change: (good: Connector, context: ConnectorContext, config: JsonObject) => Partial<Connector>): Plant =>
  (good) => ({
    ...good,
    open: (config, context) => {
      const inner = good.open(config, context)
      return { ...inner, ...change(inner, context, config) }
    },
  })

export const pulling = (
  change: (
    page: Page,
    request: PullRequest,
    pull: (request: PullRequest) => Promise<Page>,
    context: ConnectorContext,
  ) => Page | Promise<Page>,
): Plant =>
  calling((good, context) => ({
    pull: async (resource, request, options) =>
      change(await good.pull(resource, request, options), request, (other) => good.pull(resource, other, options), context),
  }))

/** Each operation before it is pushed. */
export const asking = (change: (op: Op) => Op): Plant =>
  calling((good) => ({ push: (resource, ops, options) => good.push(resource, ops.map(change), options) }))

/** The outcomes of a push. */
export const answering = (change: (outcomes: readonly Outcome[], ops: readonly Op[]) => readonly Outcome[]): Plant =>
  calling((good) => ({ push: async (resource, ops, options) => change(await good.push(resource, ops, options), ops) }))

export const sending =
  (change: (request: HttpRequest, send: (request: HttpRequest) => Promise<HttpResponse>) => Promise<HttpResponse>): Plant =>
  (good) => ({
    ...good,
    open: (config, context) =>
      good.open(config, { ...context, http: { request: (request) => change(request, (each) => context.http.request(each)) } }),
  })

export const saying =
  (change: (spec: ResourceSpec) => ResourceSpec): Plant =>
  (good) => ({
    ...good,
    describe: (config): Description => {
      const { title, resources } = good.describe(config)
      return { title, resources: resources.map(change) }
    },
  })

/** The item of an upsert, and the item of an applied outcome, through one change. */
export const items = (change: (item: JsonObject) => JsonObject): Plant =>
  pulling((page) => ({
    ...page,
    changes: page.changes.map((each) => (each.kind === "upsert" ? { ...each, item: change(each.item) } : each)),
  }))

/** The object without a member. */
export const without = <A extends object, K extends keyof A>(object: A, name: K): Omit<A, K> => {
  const copy = { ...object }
  delete copy[name]
  return copy
}
