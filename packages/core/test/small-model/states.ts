// Every state of the small model: one item in two systems, two fields, and what each side did since both last agreed.
// In: nothing. Out: all combinations, in one fixed order.

/** A value before the edits: there, or not. */
export type Before = "base" | "absent"
/** What one side did to one field. */
export type Did = "nothing" | "absent" | "x" | "y"
/** What one side did to the item. */
export type Deed = readonly [Did, Did] | "deleted"

export interface State {
  readonly before: readonly [Before, Before]
  readonly a: Deed
  readonly b: Deed
}

const BEFORE: readonly Before[] = ["base", "absent"]
const DID: readonly Did[] = ["nothing", "absent", "x", "y"]
const DEEDS: readonly Deed[] = [...DID.flatMap((one) => DID.map((two): Deed => [one, two])), "deleted"]

const ALL: readonly State[] = BEFORE.flatMap((one) =>
  BEFORE.flatMap((two) => DEEDS.flatMap((a) => DEEDS.map((b): State => ({ before: [one, two], a, b })))),
)

const hasDelete = (state: State): boolean => state.a === "deleted" || state.b === "deleted"

export const WITHOUT_DELETES = ALL.filter((state) => !hasDelete(state))
export const WITH_DELETES = ALL.filter(hasDelete)
