// The values of two records that turn out to be one person's, as if their items met for the first time: policies that look
// at the values keep their meaning, a value fills a blank, and whatever loses is accounted for.
import type { Stamp } from "../model/record.ts"
import { equal, isBlank, type Json } from "../model/value.ts"
import { disputeOf } from "./dispute.ts"
import type { Draft } from "./draft.ts"
import { type Account, setValue } from "./edit.ts"
import { decideFirstMeeting } from "./policy/decide.ts"

export interface Incoming {
  readonly field: string
  readonly value: Json
  readonly stamp: Stamp
  /** Nobody knows when it was written: it never wins by being newest. */
  readonly undated?: boolean
}

/** Takes values into a record; answers the fields that only a person can decide, each with the reason. */
export function joinValues(draft: Draft, recordId: string, incoming: readonly Incoming[], account: Account): ReadonlyMap<string, string> {
  const undecided = new Map<string, string>()
  for (const { field, value, stamp, undated } of incoming) {
    const record = draft.record(recordId)
    const present = record.fields[field] ?? null
    if (equal(value, present) || isBlank(value)) continue
    if (disputeOf(draft, recordId, field) !== undefined) {
      undecided.set(field, "it was in question already")
      continue
    }
    if (isBlank(present)) {
      account.accepted.push({ field, before: present, after: value, by: stamp, rule: "fills a blank" })
      setValue(draft, recordId, field, value, stamp, null)
      continue
    }
    const own = record.stamps[field]
    const policy = draft.entity.policy(field).kind
    const byValue = policy === "strictest" || policy === "union" || policy === "max" || policy === "min"
    const verdict =
      undated === true && !byValue
        ? ({ kind: "keep", rule: "the record's value stays" } as const)
        : decideFirstMeeting(draft.entity, field, {
            base: [],
            record: { value: present, stamp: own },
            incoming: { value, stamp },
            clocks: draft.context.clocks,
          })
    if (verdict.kind === "hold") {
      undecided.set(field, verdict.why)
      continue
    }
    const winner = verdict.kind === "accept" ? value : verdict.kind === "merged" ? verdict.value : present
    const [by, lostBy] = verdict.kind === "keep" ? [own, stamp] : [stamp, own]
    account.conflicts.push({
      field,
      before: present,
      after: winner,
      lost: verdict.kind === "keep" ? value : present,
      lostBy: lostBy ?? stamp,
      rule: verdict.rule,
      ...(by === undefined ? {} : { by }),
    })
    if (!equal(winner, present)) setValue(draft, recordId, field, winner, stamp, null)
  }
  return undecided
}
