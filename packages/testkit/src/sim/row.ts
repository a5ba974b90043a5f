// A row of a simulated system with all that ever became of it, and what is told about each write.
import type { JsonObject, Op } from "@syncline/connector"

export type Author = { readonly by: "user" } | { readonly by: "engine"; readonly op: Op; readonly sentAt: number }

/** One state of a row, from `since` (our time) on. */
export interface Version {
  readonly since: number
  readonly seq: number
  /** On the system's own clock. */
  readonly at: number
  /** When it is said to have been edited, where that is another time. */
  readonly dated?: number
  readonly id: string
  readonly item: JsonObject
  readonly fieldAt: Readonly<Record<string, number>>
  readonly state: "live" | "archived" | "gone"
  readonly author: Author
  /** It is part of this one now. */
  readonly into?: Row
}

export interface Row {
  readonly uid: string
  readonly person: number
  /** Oldest first. */
  readonly versions: Version[]
  readonly madeBy: Author
}

export const presentOf = (row: Row): Version => row.versions.at(-1) as Version

export interface Effect {
  readonly kind: Op["kind"]
  readonly row: Row
  readonly op: Op
  readonly before: Version | null
  readonly after: Version
  readonly sentAt: number
  readonly at: number
}

export interface Hooks {
  /** Whom a row belongs to that the engine makes. */
  personOf: (op: Op) => number
  onEffect: (effect: Effect) => void
  /** It was used in a way that no system puts up with. */
  onMisuse: (what: string) => void
}
