// Asks a few items that had a value at a path whether they still show it. In: the path, and what would be an answer. Out:
// whether somebody does; and whoever showed an edit while being asked is read again before anything is written over it.
import * as Effect from "effect/Effect"
import type { LookupAnswer } from "@syncline/connector"
import { doubt } from "../integrate/doubt.ts"
import type { Link } from "../model/link.ts"
import { segmentsOf, valueAt, withValues } from "../model/path.ts"
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import { equal, type JsonObject } from "../model/value.ts"
import { callRemote } from "../session/remote.ts"
import { fieldsOn, shapeAt } from "../session/schema-state.ts"
import { remoteOf, scanKey, type Session, step } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"

type Done<A> = Effect.Effect<A, StoreError | StaleLease>

/** Items that had a value at the path and are asked whether they still show it. */
const ASKED = 5
const PAGE = 500

export const isRead = (binding: Binding, path: string, item: JsonObject): boolean =>
  fieldsOn(binding, path).some((name) => !(binding.field(name)?.get(item) instanceof LensFailure))

export const hasValue = (binding: Binding, link: Link, path: string): boolean =>
  link.seen !== null && valueAt(link.seen, segmentsOf(path)) !== null && isRead(binding, path, link.seen)

/** Asks a few items that had a value there. `there`: at least one still shows it so; `unknown`: nobody could be asked. */
export const probe = (
  session: Session,
  entity: Entity,
  binding: Binding,
  path: string,
  besides: ReadonlySet<string>,
  fits: (shape: string) => boolean,
): Done<"there" | "not" | "unknown"> =>
  Effect.gen(function* () {
    const lookup = binding.spec.read.lookup
    const remote = remoteOf(session, binding.system)
    if (lookup === undefined || !lookup.by.includes("id") || remote.down !== null) return "unknown"
    const links = yield* session.engine.store.unsighted(binding.key, entity.name, Number.MAX_SAFE_INTEGER, "", PAGE)
    const witnesses = links
      .filter((link) => link.remoteId !== null && !besides.has(link.remoteId) && hasValue(binding, link, path))
      .slice(0, Math.min(ASKED, lookup.max))
    const asked = witnesses.flatMap(({ remoteId }) => remoteId ?? [])
    if (asked.length === 0) return "unknown"
    const raw = session.engine.connectors.get(binding.system)
    const answers: readonly LookupAnswer[] = yield* callRemote(
      remote,
      (_, signal) => raw?.lookup?.(binding.resource, "id", asked, { signal }) ?? Promise.resolve([]),
    ).pipe(Effect.catchTag("RemoteFault", () => Effect.succeed([])))
    const items = answers.flatMap((answer): readonly JsonObject[] =>
      "found" in answer && answer.found.kind === "upsert" ? [answer.found.item] : [],
    )
    if (items.length === 0) return "unknown"
    const holds = session.schemas.get(scanKey(entity.name, binding.key))?.state.holds ?? []
    const isKnown = (link: Link, item: JsonObject): boolean => {
      const drifted = [...holds.map((hold) => hold.path), ...(fits(shapeAt(item, path)) ? [] : [path])]
      const before = Object.fromEntries(drifted.map((each) => [each, valueAt(link.seen, segmentsOf(each))]))
      return equal(binding.project(withValues(item, before)), link.seen)
    }
    yield* noteNews(session, entity, witnesses, answers, isKnown)
    return items.some((item) => fits(shapeAt(item, path))) ? "there" : "not"
  })

/** Answers that were asked for another reason may tell of edits: those items are read again, before anything is written over them. */
const noteNews = (
  session: Session,
  entity: Entity,
  witnesses: readonly Link[],
  answers: readonly LookupAnswer[],
  isKnown: (link: Link, item: JsonObject) => boolean,
): Done<void> =>
  Effect.gen(function* () {
    const news = witnesses.filter((link, index) => {
      const answer = answers[index]
      const found = answer !== undefined && "found" in answer && answer.found.kind === "upsert" ? answer.found : null
      return found !== null && found.id === link.remoteId && !isKnown(link, found.item)
    })
    if (news.length === 0) return
    yield* step(session, entity, session.engine.store.loadRecords([...new Set(news.map(({ recordId }) => recordId))]), (draft) => {
      for (const { id } of news) {
        const link = draft.link(id)
        if (link !== undefined && link.state !== "gone") draft.putLink({ ...link, ...doubt(link, draft.context.now) })
      }
    })
  })
