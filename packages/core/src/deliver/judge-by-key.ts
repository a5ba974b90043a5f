// What a lookup by the keys that were sent says about a create without an answer. Pure: answer in, draft changed.
import type { LookupAnswer } from "@syncline/connector"
import { LensFailure, type Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import { passingIdKey } from "../model/forgotten-id.ts"
import { FOUND } from "../model/journal.ts"
import type { Link } from "../model/link.ts"
import { cutReason } from "../model/admissible.ts"
import { equal } from "../model/value.ts"
import { ask } from "../integrate/dispute.ts"
import type { Draft } from "../integrate/draft.ts"
import { followDead } from "../integrate/follow-dead.ts"
import { integratePage } from "../integrate/integrate.ts"
import { keepApart } from "../integrate/keep-apart.ts"
import { freeId } from "../integrate/locate.ts"
import { meetItem, refuseItem } from "../integrate/merge.ts"
import { namesOf, observe, type Observed } from "../integrate/observed.ts"
import type { Session } from "../session/session.ts"
import { asDeclared } from "./normalised.ts"
import { isByAddress } from "./same-address.ts"
import { countFound } from "./settled.ts"

/** Whose item it is: one that changed its address may be known under its old id still. */
const linkOf = (draft: Draft, binding: Binding, item: { readonly id: string; readonly secondary?: string }): Link | undefined =>
  (item.secondary === undefined ? undefined : draft.linkBySecondary(binding.key, item.secondary)) ??
  draft.linkByRemote(binding.key, item.id)

/** Fields that are as they were sent, or as the system says that it rewrites them. */
const deliveredIn = (binding: Binding, intent: Intent, { item }: Observed): readonly string[] =>
  Object.entries(intent.sent).flatMap(([name, sent]) => {
    const field = binding.field(name)
    const shown = field?.get(item)
    if (field === undefined || shown === undefined || shown instanceof LensFailure) return []
    return equal(shown, sent) || asDeclared(binding.spec, field, intent.set, item) ? [name] : []
  })

export function judgeByKey(
  session: Session,
  draft: Draft,
  binding: Binding,
  intent: Intent,
  answer: LookupAnswer | undefined,
  askedAt: number,
): void {
  const link = draft.link(intent.linkId)
  if (link === undefined) return draft.closeIntent(intent)
  if (answer === undefined) {
    if (draft.reviews(link.recordId).some((review) => review.kind === "unknown_write" && review.linkId === link.id)) return
    ask(draft, {
      kind: "unknown_write",
      message: `${binding.key} gave no answer to a create, and has no way to tell whether it happened: look there, then say "retry" or "ignore"`,
      link,
    })
    return
  }
  const holder = "found" in answer ? linkOf(draft, binding, answer.found) : undefined
  // what was known to be gone a moment ago may only look as if it were there
  if (holder?.state === "gone" && (holder.seenAt ?? 0) + binding.spec.read.lagMs.byId > askedAt) return
  if ("found" in answer && answer.found.kind === "upsert" && (holder === undefined || holder.state === "gone")) {
    const observed = observe(answer.found)
    // where it is known by its address alone it may be theirs still
    const isPassing = isByAddress(binding, { secondaryId: observed.secondary })
    const former = isPassing ? [{ key: passingIdKey(binding.key), value: observed.id }] : []
    if (holder === undefined && draft.forgotten.leavesAlone(binding.key, namesOf(observed), former)) {
      draft.closeIntent(intent)
      return keepApart(draft, link)
    }
    freeId(draft, binding.key, observed)
    if (draft.record(link.recordId).deleted !== null && cutReason(observed.item) === undefined)
      return followDead(draft, binding, link, intent, observed, deliveredIn(binding, intent, observed))
    draft.closeIntent(intent)
    draft.putLink({ ...link, remoteId: observed.id, secondaryId: observed.secondary, attempts: 0 })
    draft.note("created", { recordId: link.recordId, binding: link.binding, remoteId: observed.id }, FOUND, [])
    countFound(session, binding, intent, "created")
    const cut = cutReason(observed.item)
    const tied = draft.link(link.id) ?? link
    if (cut === undefined) meetItem(draft, binding, link.id, observed, intent.sent)
    else refuseItem(draft, binding, observed, cut, tied)
    return
  }
  // somebody else's item: what it holds is news all the same
  if ("found" in answer && holder?.state !== "gone") integratePage(draft, binding, [answer.found], { confirmed: true })
  // it may still arrive: sent again before that, a late upsert would land on what people did to the item meanwhile
  if (askedAt < intent.settlesAt) return
  draft.closeIntent(intent)
  draft.putLink({ ...link, dueAt: draft.context.now })
  draft.note("retried", link, "a create without an answer was not found under its key: it is sent again")
  session.tried.delete(link.id)
}
