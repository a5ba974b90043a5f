// One running system for all checks: started once, closed once. Remembers what one check learned and the next can use.
import { randomBytes } from "node:crypto"
import {
  noHttp,
  openMemoryKeeper,
  type Auth,
  type ConnectorDefinition,
  type Cursor,
  type Description,
  type JsonObject,
  type TokenKeeper,
} from "@syncline/connector"
import type { Conformance, Running } from "../conduct.ts"
import { openWire, type Wire } from "../wire/wire.ts"

/** The clock of a system that can be moved: waiting moves it, and ours with it, instead of taking time. */
export interface SystemTime {
  /** How far it was moved so far. */
  readonly shiftMs: () => number
  readonly wait: (ms: number) => Promise<void>
}

const movable = ({ advance }: Running): SystemTime | null => {
  if (advance === undefined) return null
  let shift = 0
  return {
    shiftMs: () => shift,
    wait: async (ms) => {
      shift += ms
      await advance(ms)
    },
  }
}

export interface Session {
  readonly definition: ConnectorDefinition
  readonly conformance: Conformance
  readonly running: Running
  readonly description: Description
  readonly auth: Auth
  readonly wire: Wire | null
  readonly keeper: TokenKeeper
  readonly time: SystemTime | null
  /** A word that was never used before, in this run or any other. */
  readonly unique: () => string
  /** Where delta scans of a resource have come to. */
  readonly cursors: Map<string, Cursor>
  /** How many items the first page of a snapshot brings although only one was asked for, by resource. */
  readonly pageFloors: Map<string, number>
  readonly close: () => Promise<void>
}

export async function openSession(definition: ConnectorDefinition, conformance: Conformance, given: JsonObject = {}): Promise<Session> {
  const started = await conformance.start(given)
  const running: Running = { ...started, config: { ...started.config, ...given } }
  try {
    const description = definition.describe(running.config)
    const { auth, baseUrl } = definition.http(running.config)
    const wire = conformance.wire === "none" || baseUrl === noHttp.baseUrl ? null : openWire()
    const word = randomBytes(3).toString("hex")
    let count = 0
    return {
      definition,
      conformance,
      running,
      description,
      auth,
      wire,
      keeper: openMemoryKeeper(),
      time: movable(running),
      unique: () => `k${word}${(count++).toString(36)}`,
      cursors: new Map(),
      pageFloors: new Map(),
      async close() {
        await wire?.close()
        await running.close?.()
      },
    }
  } catch (error) {
    await running.close?.()
    throw error
  }
}
