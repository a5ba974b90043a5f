// Who stands at the two ends of a wire: the process that makes the calls, and whoever watches what passes through.
import type { Change, Op } from "@syncline/connector"
import type { Extras } from "./extras.ts"
import type { Rates } from "./faults.ts"
import type { Shown } from "./oracle/pass-account.ts"
import type { Chance } from "./random.ts"
import type { Strains } from "./strains.ts"
import type { Row, SimSystem } from "./system.ts"

export interface Watch {
  /** What reached the engine. */
  told: (system: SimSystem, change: Change, caller: Caller) => void
  /** A lookup named it, whatever the answer was. */
  asked: (row: Row) => void
  note: (text: string) => void
  /** Whether the engine has a link for it. */
  isKnown: (row: Row) => boolean
  /** A full scan ended, for somebody who keeps what it showed. */
  readInFull: (system: SimSystem) => void
  brokeOff: (system: SimSystem) => void
  /** A moment before this is written there: time for somebody to be faster. */
  aboutTo: (system: SimSystem, op: Op) => void
}

/** The process that makes the calls. */
export interface Caller {
  /** A point at which it may end; true: it just did. */
  point: (what: string) => boolean
  /** Set: it is stopped, until then. */
  sleep: () => Promise<void> | null
  /** What it is told now ends with a private copy of the store. */
  rehearses: () => boolean
  sending: (system: SimSystem, ops: readonly Op[]) => void
  /** A page on its way to it: what it shows of which rows. */
  page: (system: SimSystem, shown: Shown, changes: number) => void
  /** A call goes out; one that has the name of another asks for the same thing. */
  calling: (system: SimSystem, name: string) => void
  answered: (system: SimSystem, name: string) => void
  /** The call did not get through; set: nor may another before that time. */
  refused: (system: SimSystem, name: string, notBefore: number | null) => void
}

export interface Manners {
  readonly rates: Rates
  readonly extras: Extras
  readonly strains: Strains
  /** For what only some seeds have. */
  readonly oddChance: Chance
  readonly strainChance: Chance
}
