// What a pass tells: counts per system, what needs a person, what stopped it. One value for terminal, JSON and tests.
import type { FieldChange } from "./journal.ts"
import type { Quarantined } from "./quarantine.ts"
import type { Review } from "./review.ts"
import type { JsonObject } from "./value.ts"

export interface SystemReport {
  readonly system: string
  /** Items that the system returned, and how many of them differed from what was known. */
  readonly read: number
  readonly changed: number
  readonly created: number
  readonly updated: number
  readonly deleted: number
  /** Writes that did not go through this time and stay owed. */
  readonly postponed: number
  /** Writes that the system refused for good. */
  readonly refused: number
  /** Remote calls: pull, lookup and push batches. */
  readonly calls: number
}

export interface GuardTrip {
  readonly guard: "delete" | "create" | "update" | "empty"
  readonly system: string
  readonly binding: string
  readonly count: number
  readonly limit: number
  readonly linked: number
  /** One sentence: what was about to happen and why it was stopped. */
  readonly message: string
}

export interface Unreachable {
  readonly system: string
  /** `auth`: the system answers but refuses the credentials. */
  readonly reason: "network" | "auth"
  readonly message: string
  /** Links that owe this system something. */
  readonly owed: number
  readonly nextAttemptAt: number | null
}

export type RunOutcome = "done" | "attention" | "guard" | "unreachable"

export interface RunReport {
  readonly run: string
  readonly startedAt: number
  readonly endedAt: number
  readonly outcome: RunOutcome
  readonly systems: readonly SystemReport[]
  readonly reviewsOpened: number
  readonly reviewsClosed: number
  readonly reviewsOpen: number
  /** Open for longer than the pipeline's reminder, and how many of them people are to be told of now. */
  readonly reviewsOverdue: number
  readonly overdueNow: number
  readonly quarantinedNow: number
  readonly quarantined: number
  /** Mapped fields that a system no longer has, or not as they were: neither read nor written there. */
  readonly heldFields: number
  readonly guards: readonly GuardTrip[]
  readonly unreachable: readonly Unreachable[]
  readonly warnings: readonly string[]
}

/** One remote write, before it is made. */
export interface PlannedWrite {
  readonly system: string
  readonly binding: string
  readonly entity: string
  readonly kind: "create" | "update" | "delete"
  /** Remote id; null for a create. */
  readonly remoteId: string | null
  /** How people recognise the record: its first match key's value, or its id. */
  readonly label: string
  readonly recordId: string
  /** Canonical values that change, with who wrote the new one. */
  readonly changes: readonly FieldChange[]
  /** Exactly what is sent. */
  readonly set: JsonObject
}

export interface Plan {
  readonly plan: 1
  readonly pipeline: string
  readonly fingerprint: string
  readonly madeAt: number
  readonly writes: readonly PlannedWrite[]
  readonly reviews: readonly Review[]
  readonly quarantine: readonly Quarantined[]
  readonly systems: readonly SystemReport[]
  readonly guards: readonly GuardTrip[]
  readonly unreachable: readonly Unreachable[]
  readonly warnings: readonly string[]
}

/** Told while a pass is under way, for a progress bar or one line per stage. */
export type Progress =
  | { readonly stage: "recover"; readonly intents: number }
  | {
      readonly stage: "pull"
      readonly system: string
      readonly binding: string
      readonly read: number
      readonly total: number | null
      readonly done: boolean
    }
  | {
      readonly stage: "deliver"
      readonly system: string
      readonly binding: string
      readonly written: number
      readonly total: number
      readonly done: boolean
    }
  | { readonly stage: "unreachable"; readonly system: string; readonly message: string }
