// A connector as the engine would open it, with an HTTP client and a clock of the kit's choice. What it is handed cannot
// be changed by it, what it asks of the client is counted, and what it says is kept for whoever looks for secrets in it.
import {
  FaultError,
  openHttpClient,
  openMemoryKeeper,
  type CallOptions,
  type Connector,
  type ConnectorDefinition,
  type HttpClient,
  type HttpLogEntry,
  type JsonObject,
  type LookupAnswer,
  type OpenHttpClient,
  type Op,
  type Outcome,
  type Page,
  type PullRequest,
  type TokenKeeper,
} from "@syncline/connector"
import type { Wire } from "../wire/wire.ts"
import type { SystemTime } from "./session.ts"
import { MARK } from "../wire/proxy.ts"

export interface OpenOptions {
  /** The connector's clock minus the real one. */
  readonly skewMs?: number
  /** Pauses move the clock instead of taking time: for checks that order trouble. */
  readonly patient?: boolean
  /** Pauses take the time that they take, also where the system's clock could be moved. */
  readonly realTime?: boolean
  readonly timeoutMs?: number
  /** Other values of the configuration. */
  readonly config?: JsonObject
}

/** One request that the connector asked of its client; the client's own repetitions are not in it. */
export interface Requested {
  readonly write: boolean
  /** Method, path, query and body. */
  readonly text: string
}

/** One call of the connector and how it ended. */
export interface Called {
  readonly call: string
  readonly asked: unknown
  readonly ended: unknown
}

export interface Subject extends Connector {
  lookup(resource: string, by: string, values: readonly string[], options?: CallOptions): Promise<readonly LookupAnswer[]>
  readonly requested: readonly Requested[]
  readonly http: OpenHttpClient
  close(): Promise<void>
}

export interface Ears {
  readonly heard: (called: Called) => void
  readonly logged: (entry: HttpLogEntry) => void
}

export interface SubjectParts {
  readonly definition: ConnectorDefinition
  readonly config: JsonObject
  /** null: straight to the system. */
  readonly wire: Wire | null
  readonly ears: Ears | null
  /** Tokens that change hands, for every instance with these settings. */
  readonly keeper: TokenKeeper
  readonly folder: string | undefined
  readonly time: SystemTime | null
}

export async function openSubject(
  { definition, config: given, wire, ears, keeper, folder, time }: SubjectParts,
  options: OpenOptions = {},
): Promise<Subject> {
  const wanted = { ...given, ...options.config }
  const config = freeze(structuredClone(wire === null ? wanted : await wire.config(wanted)))
  const own = definition.http(config)
  const settings = wire === null ? own : await wire.settings(own)
  let waitedMs = 0
  const now = (): number => Date.now() + (time?.shiftMs() ?? 0) + waitedMs + (options.skewMs ?? 0)
  const http = openHttpClient(
    { ...settings, ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }) },
    {
      now,
      random: () => 0,
      keeper: options.config === undefined ? keeper : openMemoryKeeper(),
      ...(ears === null ? {} : { log: ears.logged }),
      ...(options.patient === true
        ? { sleep: async (ms: number) => void (waitedMs += ms) }
        : time === null || options.realTime === true
          ? {}
          : { sleep: time.wait }),
    },
  )
  const requested: Requested[] = []
  const client: HttpClient = {
    request: (request) => {
      const write = request.safe === undefined ? request.method !== "GET" && request.method !== "HEAD" : !request.safe
      const { method, path, query = null, json = null, form = null } = request
      requested.push({ write, text: JSON.stringify([method, path, query, json, form]) })
      return http.request(wire === null ? request : { ...request, headers: { ...request.headers, [MARK]: write ? "write" : "read" } })
    },
  }
  const connector = definition.open(config, {
    system: "system",
    http: client,
    now,
    ...(folder === undefined ? {} : { folder }),
    ...(time === null ? {} : { wait: time.wait }),
  })
  const told = async <A>(call: string, asked: unknown, work: () => Promise<A>): Promise<A> => {
    try {
      const ended = await work()
      ears?.heard({ call, asked, ended })
      return ended
    } catch (error) {
      ears?.heard({ call, asked, ended: error })
      throw error
    }
  }
  return {
    requested,
    http,
    check: (call) => told("check", null, async () => connector.check(call)),
    pull: (resource: string, request: PullRequest, call?: CallOptions): Promise<Page> =>
      told(`pull ${resource}`, request, async () => connector.pull(resource, freeze(structuredClone(request)), call)),
    push: (resource: string, ops: readonly Op[], call?: CallOptions): Promise<readonly Outcome[]> =>
      told(`push ${resource}`, ops, async () => connector.push(resource, freeze(structuredClone(ops)), call)),
    lookup: (resource, by, values, call) =>
      told(`lookup ${resource} by ${by}`, values, async () => {
        if (connector.lookup === undefined) throw new FaultError({ class: "invalid", message: "The connector has no lookup." })
        return connector.lookup(resource, by, freeze([...values]), call)
      }),
    ...(connector.listen === undefined ? {} : { listen: connector.listen.bind(connector) }),
    async close() {
      await connector.close?.()
      await http.close()
    },
  }
}

const freeze = <A>(value: A): A => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    for (const each of Object.values(value)) freeze(each)
    Object.freeze(value)
  }
  return value
}
