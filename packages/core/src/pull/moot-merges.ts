// Merges that a page tells of and that are over: the items were taken apart since, or the page is a late copy. In: a page. Out:
// the same without those whose item is there under its own name when it is asked for.
import * as Effect from "effect/Effect"
import type { Change, Page } from "@syncline/connector"
import type { Binding } from "../model/pipeline.ts"
import type { RemoteFault } from "../session/remote.ts"
import { remoteOf, type Session } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { lookUpLinks } from "./look-up.ts"

type Merge = Extract<Change, { kind: "merge" }>

export const withoutMootMerges = (
  session: Session,
  binding: Binding,
  page: Page,
): Effect.Effect<Page, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const merges = page.changes.filter((change): change is Merge => change.kind === "merge")
    if (merges.length === 0) return page
    const named = merges.map((merge) => ({ merge, remoteId: merge.id, secondaryId: merge.secondary ?? null }))
    const found = yield* lookUpLinks(remoteOf(session, binding.system), binding, named)
    const moot = new Set<Change>(
      found.flatMap(({ link, answer }) => ("found" in answer && answer.found.kind === "upsert" ? [link.merge] : [])),
    )
    return moot.size === 0 ? page : { ...page, changes: page.changes.filter((change) => !moot.has(change)) }
  })
