// Merges that a page tells of and that are over: the items were taken apart since, or the page is a late copy. In: a page. Out:
// the same without those whose item is there under its own name when it is asked for.
import * as Effect from "effect/Effect"
import type { Change, LookupAnswer, Page } from "@syncline/connector"
import type { Binding } from "../model/pipeline.ts"
import { callRemote, type RemoteFault } from "../session/remote.ts"
import { remoteOf, type Session } from "../session/session.ts"

type Merge = Extract<Change, { kind: "merge" }>

export const withoutMootMerges = (session: Session, binding: Binding, page: Page): Effect.Effect<Page, RemoteFault> =>
  Effect.gen(function* () {
    const merges = page.changes.filter((change): change is Merge => change.kind === "merge")
    const { lookup } = binding.spec.read
    if (merges.length === 0 || lookup === undefined) return page
    const moot = new Set<Change>()
    for (const by of ["secondary", "id"] as const) {
      if (!lookup.by.includes(by)) continue
      const own = merges.filter((merge) => (merge.secondary !== undefined && lookup.by.includes("secondary")) === (by === "secondary"))
      for (let at = 0; at < own.length; at += lookup.max) {
        const batch = own.slice(at, at + lookup.max)
        const names = batch.map(({ id, secondary = "" }) => (by === "secondary" ? secondary : id))
        const answers: readonly LookupAnswer[] = yield* callRemote(
          remoteOf(session, binding.system),
          (connector, signal) => connector.lookup?.(binding.resource, by, names, { signal }) ?? Promise.resolve([]),
        )
        batch.forEach((merge, index) => {
          const answer = answers[index]
          if (answer !== undefined && "found" in answer && answer.found.kind === "upsert") moot.add(merge)
        })
      }
    }
    return moot.size === 0 ? page : { ...page, changes: page.changes.filter((change) => !moot.has(change)) }
  })
