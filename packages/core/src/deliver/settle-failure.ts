// A write that failed: later, after another look, without a part of it, or not at all. Pure: outcome in, draft changed.
import type { Fault } from "@syncline/connector"
import type { Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import type { Draft } from "../integrate/draft.ts"
import { refuseWrite } from "../integrate/refusal.ts"
import { leaveOpen } from "./leave-open.ts"
import { retryDelayMs } from "./retry-delay.ts"
import { settleClash } from "./settle-clash.ts"
import { settleDelete } from "./settle-delete.ts"
import type { Settled } from "./settled.ts"
import { takeBack } from "./take-back.ts"

export interface SettleContext {
  readonly retryDelaysMs: readonly number[]
  readonly random: () => number
}

/** Faults that are about the call, not about what it asked for. */
const SAYS_NOTHING: readonly Fault["class"][] = ["transient", "rateLimited", "auth", "cursorExpired"]

export function settleFailure(draft: Draft, binding: Binding, link: Link, intent: Intent, fault: Fault, context: SettleContext): Settled {
  // this try did not get through; an earlier one under the same key may have, or still may
  if (intent.unanswered && SAYS_NOTHING.includes(fault.class)) return "open"
  draft.closeIntent(intent)
  // its record went meanwhile, and it was not made: there is nothing left to do here, and nothing to ask
  if (intent.kind === "create" && link.owes !== null && fault.class !== "unknown") return "postponed"
  const { now } = draft.context
  const attempts = link.attempts + 1
  const later = (delayMs: number): Settled => {
    draft.putLink({ ...link, attempts, dueAt: now + delayMs })
    return "postponed"
  }
  const delayMs = retryDelayMs(context.retryDelaysMs, attempts, context.random())
  switch (fault.class) {
    case "transient":
    case "rateLimited":
    case "auth":
    case "cursorExpired":
      draft.note("refused", link, `${intent.kind} did not go through, it stays owed: ${fault.message}`)
      return later(Math.max(delayMs, fault.retryAfterMs ?? 0))
    case "unknown":
      return leaveOpen(draft, binding, link, intent, fault)
    case "conflict":
      // never a blind retry: look first, merge, plan anew
      draft.putLink({ ...link, attempts, rereadAt: now })
      return "postponed"
    case "notFound":
    case "gone":
      // an earlier try without an answer may have removed it
      if (intent.kind === "delete") return settleDelete(draft, binding, link, intent.unanswered)
      if (intent.kind === "create") return later(delayMs)
      draft.putLink({ ...link, attempts, rereadAt: now })
      return "postponed"
    case "duplicate":
      return settleClash(draft, binding, link, intent, fault, later, delayMs)
    case "invalid":
    case "forbidden":
      return settleRefusal(draft, binding, link, intent, fault)
  }
}

function settleRefusal(draft: Draft, binding: Binding, link: Link, intent: Intent, fault: Fault): Settled {
  const named = Object.keys(fault.fields ?? {})
  const bad = Object.keys(intent.sent).filter((name) =>
    binding.field(name)?.writes.some((path) => named.some((remote) => remote === path || path.startsWith(`${remote}.`))),
  )
  const keyFields = new Set(draft.entity.match.flat())
  const canGoOn =
    bad.length > 0 && bad.length < Object.keys(intent.sent).length && !(intent.kind === "create" && bad.some((name) => keyFields.has(name)))
  const single = intent.kind === "update" && bad.length > 0
  if (!canGoOn && !single) {
    refuseWrite(draft, link, intent, null, fault.message)
    return "refused"
  }
  for (const name of bad) {
    const path = binding.field(name)?.writes.find((candidate) => fault.fields?.[candidate] !== undefined)
    refuseWrite(draft, draft.link(link.id) ?? link, intent, name, (path === undefined ? undefined : fault.fields?.[path]) ?? fault.message)
  }
  // the rest is sent again without them
  const present = draft.link(link.id) ?? link
  draft.putLink({ ...present, dueAt: draft.context.now })
  return "trimmed"
}

/** An undo is tried once: what it meets is for whoever asked for it, and nothing of it stays owed. */
export function settleUndo(draft: Draft, binding: Binding, link: Link, intent: Intent, fault: Fault): Settled {
  if (fault.class === "unknown") return leaveOpen(draft, binding, link, intent, fault)
  // as of every write: an earlier try may have got through
  if (SAYS_NOTHING.includes(fault.class) && intent.unanswered) return "open"
  draft.closeIntent(intent)
  const missing = fault.class === "notFound" || fault.class === "gone"
  if (missing && intent.kind === "delete") return settleDelete(draft, binding, link, intent.unanswered)
  if (missing || fault.class === "conflict") draft.putLink({ ...link, rereadAt: draft.context.now })
  draft.note("refused", link, `${intent.kind} did not go through: ${fault.message}`)
  takeBack(draft, intent)
  return "refused"
}
