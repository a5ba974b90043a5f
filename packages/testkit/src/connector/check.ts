// A check: one fact about a connector, what it needs in order to be tried, and how it is tried. It either returns, or
// throws `Failure` (with what shows it), or `Skip` with the reason.
import type { Auth, ResourceSpec } from "@syncline/connector"
import type { Conduct, Running } from "./conduct.ts"
import type { Stand } from "./stand/stand.ts"

export const AREAS = ["describe", "auth", "read", "deletes", "write", "limits"] as const
export type Area = (typeof AREAS)[number]

/** What decides whether a check can be tried. */
export interface About {
  readonly spec: ResourceSpec
  readonly conduct: Conduct
  readonly running: Running
  readonly resource: string
  /** Requests can be watched and disturbed. */
  readonly wired: boolean
  readonly auth: Auth
}

/** null: it is there. Otherwise why the check cannot be tried. */
export type Need = (about: About) => string | null

export interface Check {
  readonly name: string
  readonly area: Area
  /** The fact, as a sentence without a full stop. */
  readonly says: string
  /** `system`: once for a connector; `resource`: for each of its resources. */
  readonly scope: "system" | "resource"
  readonly needs: readonly Need[]
  readonly run: (stand: Stand) => Promise<void>
}

/** The fact does not hold. */
export class Failure extends Error {
  constructor(message: string) {
    super(message)
    this.name = "Failure"
  }
}

/** It turned out on the way that the check cannot be tried here. */
export class Skip extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = "Skip"
  }
}

export function must(fact: boolean, otherwise: string | (() => string)): asserts fact {
  if (!fact) throw new Failure(typeof otherwise === "string" ? otherwise : otherwise())
}

export const show = (value: unknown): string => {
  const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value))
  return text.length > 300 ? `${text.slice(0, 299)}…` : text
}
