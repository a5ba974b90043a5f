// An item that was asked for to learn something else may show an edit that no page has shown yet. In: links and what was
// answered for them. Out: those that are not as they were known are read again before anything happens to them.
import * as Effect from "effect/Effect"
import type { LookupAnswer } from "@syncline/connector"
import { doubt } from "../integrate/doubt.ts"
import type { Link } from "../model/link.ts"
import { joinLoaded } from "../model/loaded.ts"
import { segmentsOf, valueAt, withValues } from "../model/path.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import { equal, type JsonObject } from "../model/value.ts"
import { type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"

/** `besides`: paths of an item whose values are in question themselves. */
export const noticeNews = (
  session: Session,
  entity: Entity,
  binding: Binding,
  besides: (item: JsonObject) => readonly string[],
  answers: readonly (readonly [Link, LookupAnswer | undefined])[],
): Effect.Effect<void, StoreError | StaleLease> => {
  const news = answers.flatMap(([link, answer]) => (isNews(binding, besides, link, answer) ? [link] : []))
  // who answered to an id that was another's is asked for as well: by that alone what is known of it may be out of date
  const others = answers.flatMap(([link, answer]) => anotherIn(link, answer) ?? [])
  if (news.length === 0 && others.length === 0) return Effect.void
  const { store } = session.engine
  const load = Effect.zipWith(
    store.loadRecords([...new Set(news.map((link) => link.recordId))]),
    store.loadPage({ entity: entity.name, binding: binding.key, remoteIds: [], secondaryIds: others, keys: [] }),
    joinLoaded,
  )
  return step(session, entity, load, (draft) => {
    const named = others.flatMap((name) => draft.linkBySecondary(binding.key, name)?.id ?? [])
    for (const id of new Set([...news.map((link) => link.id), ...named])) {
      const link = draft.link(id)
      if (link !== undefined && link.remoteId !== null && link.state !== "gone")
        draft.putLink({ ...link, ...doubt(link, draft.context.now) })
      session.noticed.add(id)
    }
  })
}

/** The stable name of an item that was not asked for. */
function anotherIn({ secondaryId }: Link, answer: LookupAnswer | undefined): string | undefined {
  const name = answer !== undefined && "found" in answer ? answer.found.secondary : undefined
  return name === secondaryId || secondaryId === null ? undefined : name
}

function isNews(binding: Binding, besides: (item: JsonObject) => readonly string[], link: Link, answer: LookupAnswer | undefined): boolean {
  if (answer === undefined || link.seen === null) return false
  if ("fault" in answer) return answer.fault.class === "gone"
  if (answer.found.kind === "delete") return true
  const { seen } = link
  const known = Object.fromEntries(besides(answer.found.item).map((path) => [path, valueAt(seen, segmentsOf(path))]))
  const shown: JsonObject = binding.project(withValues(answer.found.item, known))
  return !equal(shown, binding.project(withValues(seen, known)))
}
