// Asks a few items whether they still show a mapped path as they did. In: the path, and which kinds of values would fit.
// Out: there, not, or unknown. What else their answers show is noticed.
import * as Effect from "effect/Effect"
import type { LookupAnswer } from "@syncline/connector"
import type { Intent } from "../model/intent.ts"
import type { Link } from "../model/link.ts"
import { segmentsOf, valueAt } from "../model/path.ts"
import { LensFailure, type Binding, type Entity } from "../model/pipeline.ts"
import { isBlank, type JsonObject } from "../model/value.ts"
import { callRemote } from "../session/remote.ts"
import { fieldsOn, fits, type Fits, shapeAt } from "../session/schema-state.ts"
import { remoteOf, scanKey, type Session, type Watched } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { noticeNews } from "./notice-news.ts"

/** Items that had a value at the path and are asked whether they still show it. */
const ASKED = 5
const PAGE = 500
const MOST_INTENTS = 100_000

type Place = Pick<Watched, "entity" | "binding">
type Asked<A> = Effect.Effect<A, StoreError | StaleLease>

export const isRead = ({ entity, binding }: Place, path: string, item: JsonObject): boolean =>
  fieldsOn(binding, path).some((name) => {
    const value = binding.field(name)?.get(item)
    if (value === undefined || value instanceof LensFailure) return false
    return value === null || !entity.validate({ [name]: value }).some(({ field }) => field === name)
  })

/** Whether any item that is known had a value at the path when it was last seen; also where there are too many to look. */
export const anyHad = (session: Session, place: Place, path: string): Effect.Effect<boolean, StoreError> =>
  Effect.map(
    session.engine.store.unsighted(place.binding.key, place.entity.name, Number.MAX_SAFE_INTEGER, "", PAGE),
    (links) =>
      links.length === PAGE || links.some((link) => link.state !== "gone" && link.remoteId !== null && hasValue(place, link, path)),
  )

export const hasValue = (place: Place, link: Link, path: string): boolean =>
  link.seen !== null && valueAt(link.seen, segmentsOf(path)) !== null && isRead(place, path, link.seen)

/** Items of which a write under way was to clear it: where blanks are left out, that they do not show it is its answer. */
export const clearedByUs = (session: Session, had: readonly Link[], path: string): Effect.Effect<number, StoreError> =>
  Effect.map(session.engine.store.openIntents(MOST_INTENTS), (intents) => {
    const clears = ({ set }: Intent): boolean => shapeAt(set, path) !== "absent" && isBlank(valueAt(set, segmentsOf(path)))
    const cleared = new Set(intents.filter(clears).map(({ linkId }) => linkId))
    return had.filter(({ id }) => cleared.has(id)).length
  })

/** Asks a few items that had a value there. `there`: at least one still shows it so; `unknown`: nobody could tell. */
export const probe = (
  session: Session,
  entity: Entity,
  binding: Binding,
  path: string,
  besides: ReadonlySet<string>,
  asEver: Fits,
): Asked<"there" | "not" | "unknown"> =>
  Effect.gen(function* () {
    const place = { entity, binding }
    const links = yield* session.engine.store.unsighted(binding.key, entity.name, Number.MAX_SAFE_INTEGER, "", PAGE)
    const others = links.filter((link) => link.state !== "gone" && link.remoteId !== null && !besides.has(link.remoteId))
    const had = others.filter((link) => hasValue(place, link, path))
    // an item that shows it as ever says what it holds, whatever the others show
    const drifted = (item: JsonObject): readonly string[] => (asEver(shapeAt(item, path)) === true ? [] : [path])
    const told = (yield* askItems(session, place, had, drifted)).map((item) => asEver(shapeAt(item, path)))
    if (told.some((each) => each !== null)) return told.includes(true) ? "there" : "not"
    // whoever had one is gone, or shows a blank: those that had none may have one by now, but prove nothing where they have none
    const without = others.filter((link) => !had.includes(link))
    const rest = yield* askItems(session, place, without, drifted)
    return rest.some((item) => asEver(shapeAt(item, path)) === true) ? "there" : "unknown"
  })

/** A few of these items as the system shows them, nothing masked. `drifted`: paths by which one is not to be judged. */
export const askItems = (
  session: Session,
  { entity, binding }: Place,
  links: readonly Link[],
  drifted: (item: JsonObject) => readonly string[],
): Asked<readonly JsonObject[]> =>
  Effect.gen(function* () {
    const lookup = binding.spec.read.lookup
    const remote = remoteOf(session, binding.system)
    if (lookup === undefined || !lookup.by.includes("id") || remote.down !== null) return []
    const some = links.filter((link) => link.remoteId !== null).slice(0, Math.min(ASKED, lookup.max))
    const asked = some.flatMap((link) => link.remoteId ?? [])
    if (asked.length === 0) return []
    const raw = session.engine.connectors.get(binding.system)
    const answers: readonly LookupAnswer[] = yield* callRemote(
      remote,
      (_, signal) => raw?.lookup?.(binding.resource, "id", asked, { signal }) ?? Promise.resolve([]),
    ).pipe(Effect.catchTag("RemoteFault", () => Effect.succeed([])))
    const items = answers.flatMap((answer): readonly JsonObject[] =>
      "found" in answer && answer.found.kind === "upsert" ? [answer.found.item] : [],
    )
    const holds = session.schemas.get(scanKey(entity.name, binding.key))?.state.holds ?? []
    const held = (item: JsonObject): readonly string[] =>
      holds.flatMap((hold) => (fits(hold)(shapeAt(item, hold.path)) === true ? [] : [hold.path]))
    yield* noticeNews(
      session,
      entity,
      binding,
      (item) => [...held(item), ...drifted(item)],
      some.map((link, index) => [link, answers[index]]),
    )
    return items
  })
