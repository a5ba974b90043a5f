// Where a check is tried: the running system, the connector through the wire, a second one straight to the system, and
// what can be asked of both. Everything opened here is closed when the check is over.
import type { Auth, ConnectorDefinition, HttpLogEntry, JsonObject, ResourceSpec } from "@syncline/connector"
import type { Conduct, Outside, Running } from "../conduct.ts"
import { Skip } from "../check.ts"
import type { Wire } from "../wire/wire.ts"
import type { Session } from "./session.ts"
import { openSubject, type Called, type OpenOptions, type Subject } from "./subject.ts"

export interface Stand {
  readonly definition: ConnectorDefinition
  readonly config: JsonObject
  readonly auth: Auth
  readonly resource: string
  readonly spec: ResourceSpec
  readonly conduct: Conduct
  readonly running: Running
  readonly outside: Outside
  readonly session: Session
  /** Of a connector that speaks HTTP; checks that use it say that they need it. */
  readonly wire: Wire
  /** The connector under test. */
  readonly connector: Subject
  /** Another instance of it, which no rule of the wire touches. */
  readonly witness: Subject
  /** Further instances under test, with a client and a clock of their own. */
  readonly open: (options?: OpenOptions) => Promise<Subject>
  readonly called: readonly Called[]
  readonly entries: readonly HttpLogEntry[]
  readonly close: () => Promise<void>
}

export interface StandParts {
  readonly session: Session
  readonly resource: string
  readonly spec: ResourceSpec
  readonly conduct: Conduct
}

export async function openStand({ session, resource, spec, conduct }: StandParts): Promise<Stand> {
  const { definition, running, wire, auth, keeper, time } = session
  const { config, folder } = running
  const opened: Subject[] = []
  const called: Called[] = []
  const entries: HttpLogEntry[] = []
  const ears = { heard: (one: Called) => void called.push(one), logged: (entry: HttpLogEntry) => void entries.push(entry) }
  const open = async (options?: OpenOptions): Promise<Subject> => {
    const subject = await openSubject({ definition, config, wire, ears, keeper, folder, time }, options)
    opened.push(subject)
    return subject
  }
  const connector = await open()
  const witness = await openSubject({ definition, config, wire: null, ears: null, keeper, folder, time })
  opened.push(witness)
  return {
    definition,
    config,
    auth,
    resource,
    spec,
    conduct,
    running,
    outside: running.outside?.[resource] ?? {},
    session,
    get wire() {
      if (wire === null) throw new Skip("the connector does not speak HTTP")
      return wire
    },
    connector,
    witness,
    open,
    called,
    entries,
    async close() {
      wire?.rule(null)
      for (const subject of opened) await subject.close().catch(() => {})
    },
  }
}
