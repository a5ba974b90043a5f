// An intent whose outcome nobody knows: it stays open until that is found out. Pure: draft in, draft changed.
import type { Fault } from "@syncline/connector"
import type { Binding } from "../model/pipeline.ts"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import type { Draft } from "../integrate/draft.ts"

/** Nobody knows whether it happened: the intent stays open until that is found out. */
export function leaveOpen(draft: Draft, binding: Binding, link: Link, intent: Intent, fault: Fault): "open" {
  // what arrives at the very end of its horizon shows only after the lag
  const horizonMs = (binding.spec.write[intent.kind]?.horizonMs ?? 0) + binding.spec.read.lagMs.byId
  draft.openIntent({ ...intent, unanswered: true, settlesAt: draft.context.now + horizonMs })
  draft.note("unanswered", link, `${intent.kind}: ${fault.message}`)
  return "open"
}
