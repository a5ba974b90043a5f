// What a story says, once it has been read and checked: systems, then steps of deeds, one command and expectations.
// Each step is told in one sentence, so that the file reads like the story it is.
import type { JsonObject, Json } from "@syncline/connector"

export interface Scenario {
  readonly title: string
  /** The pipeline whose reviews and quarantine are looked at. */
  readonly pipeline: string
  readonly systems: Readonly<Record<string, SystemSetup>>
  /** Added to the environment of every command. */
  readonly env: Readonly<Record<string, string>>
  readonly story: readonly Step[]
}

export interface SystemSetup {
  /** As `syncline mock` takes it: `crm`, `email`, or a connector that brings its fake. */
  readonly mock: string
  /** Path from the example's folder: what the system holds at the beginning. */
  readonly seed?: string
}

export interface Step {
  readonly say: string
  /** Line of the step in its file, for whoever has to look there. */
  readonly line: number
  readonly wait?: number
  readonly do: readonly Deed[]
  /** Arguments of `syncline`. `{review}`, `{review:FIELD}`, `{quarantined}` and `{run}` stand for ids: see `names.ts`. */
  readonly syncline?: readonly string[]
  /** Whether what the command prints belongs to the story's transcript; only where it is the same every time. */
  readonly shows: boolean
  readonly expect: Expectation
}

/** Something done to a system from outside, as its own users would. */
export type Deed = { readonly system: string } & (
  | { readonly kind: "create"; readonly set: JsonObject; readonly as?: string }
  | { readonly kind: "update"; readonly who: string; readonly set: JsonObject }
  /** `erase`: gone without a trace, where `delete` may only archive. */
  | { readonly kind: "delete" | "erase"; readonly who: string }
  | { readonly kind: "fault"; readonly fault: Json }
  | { readonly kind: "heal" }
  /** A call to the admin port: `clock`, `schema` … with its body. */
  | { readonly kind: "admin"; readonly path: string; readonly body: Json }
)

export type Amount = number | { readonly at_least?: number; readonly at_most?: number }

export interface Expectation {
  readonly exit?: number
  /** Texts that standard output or error contains; `/…/` is a regular expression. */
  readonly prints: readonly string[]
  readonly hides: readonly string[]
  /** A part of the JSON on standard output. */
  readonly json?: Json
  /** Items that the systems saw changed by the step's command. */
  readonly writes: Readonly<Record<string, Amount>>
  /** Write calls that the systems saw by the step's command. */
  readonly calls: Readonly<Record<string, Amount>>
  /** Items in each system; archived ones do not count. */
  readonly total: Readonly<Record<string, Amount>>
  /** Open reviews: how many, or a part of each, in any order. */
  readonly reviews?: Amount | readonly JsonObject[]
  readonly quarantined?: Amount | readonly JsonObject[]
  readonly items: readonly ExpectedItem[]
}

export interface ExpectedItem {
  readonly system: string
  /** Name given by `as`, id, or e-mail address. */
  readonly who: string
  /** A part of the item; null: it is not there. */
  readonly has: JsonObject | null
}
