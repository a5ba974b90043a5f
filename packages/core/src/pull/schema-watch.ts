// Watches the schema of what is read: a mapped path that all items lost, or whose values all changed their type, is held
// before its page is taken in, so that it is never read as "everybody cleared this". At the beginning of each pass held
// paths are asked for again; one that is back is let go, and its resource is read in full.
import * as Effect from "effect/Effect"
import type { Page } from "@syncline/connector"
import { isLeftAlone } from "../integrate/refusal.ts"
import { compareVersions } from "../integrate/version-order.ts"
import type { Link } from "../model/link.ts"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { Json, JsonObject } from "../model/value.ts"
import {
  fieldsOn,
  fits,
  pathsRead,
  readSchema,
  sayHold,
  schemaName,
  shapeAt,
  type SchemaHold,
  type SchemaState,
} from "../session/schema-state.ts"
import { keepLease, remoteOf, scanKey, type Session, type Watched } from "../session/session.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { changedFields, everyRecord } from "./remap.ts"
import { knownLinks, type Named } from "./known-link.ts"
import { anyHad, clearedByUs, hasValue, isRead, probe } from "./probe.ts"
import { releaseShown } from "./release-shown.ts"
import { maskChanges } from "./schema-mask.ts"

type Done<A> = Effect.Effect<A, StoreError | StaleLease>

const PAGE = 500
/** So many items that lose a value in one page, with nobody left to ask, are no coincidence. */
const TOO_MANY = 2

const store = (session: Session, entity: Entity, binding: Binding, state: SchemaState): Done<void> =>
  Effect.gen(function* () {
    yield* keepLease(session)
    // plain data, written and read by this file alone
    const body: Json = JSON.parse(JSON.stringify(state))
    yield* session.engine.store.putSystemState(session.lease, schemaName(entity.name, binding.key), body)
  })

/** Before anything is asked of any system: what is known of the schemas, and what is held. */
export const loadSchemas = (session: Session): Done<void> =>
  Effect.gen(function* () {
    for (const entity of session.engine.pipeline.entities) {
      for (const binding of entity.bindings) {
        const known = readSchema(yield* session.engine.store.systemState(schemaName(entity.name, binding.key)))
        const state = known === null ? fresh(binding) : remapped(known, binding)
        const letGo = (known?.holds ?? []).filter((hold) => !state.holds.includes(hold))
        session.schemas.set(scanKey(entity.name, binding.key), { entity, binding, stored: JSON.stringify(known), state, letGo, back: [] })
      }
    }
  })

/** Before anything is read: whether what is held is back. */
export const openSchemas = (session: Session): Done<void> =>
  Effect.gen(function* () {
    for (const [key, watched] of session.schemas) {
      const { entity, binding } = watched
      const back: SchemaHold[] = []
      for (const hold of watched.state.holds) {
        const answer = yield* probe(session, entity, binding, hold.path, new Set(), fits(hold))
        // with nobody left who had a value there, there is nothing to lose, and nobody who could show that it is back
        const isMoot = answer === "unknown" && (hold.shown === true || !(yield* anyHad(session, watched, hold.path)))
        if (answer === "there" || isMoot) back.push(hold)
      }
      yield* holdRefused(session, watched)
      if (back.length === 0 && watched.letGo.length === 0) continue
      watched.state = { ...watched.state, holds: watched.state.holds.filter((hold) => !back.includes(hold)) }
      watched.back = back
      watched.letGo = [...back, ...watched.letGo]
      const scan = session.scans.get(key)
      // what changed meanwhile was not taken in: only reading everything tells
      if (scan !== undefined) session.scans.set(key, { ...scan, cursor: null, scan: null })
    }
  })

/** Writes of a field were refused: perhaps it is gone there, although no page has shown that. */
const holdRefused = (session: Session, watched: Watched): Done<void> =>
  Effect.gen(function* () {
    const { entity, binding } = watched
    const entries = yield* session.engine.store.quarantined({ entity: entity.name, binding: binding.key, limit: PAGE })
    yield* releaseShown(session, watched, entries)
    const names = new Set(entries.flatMap((entry) => (entry.direction === "out" && entry.field !== null ? [entry.field] : [])))
    const paths = new Set([...names].flatMap((name) => binding.field(name)?.reads ?? []))
    for (const path of paths) {
      if (watched.state.holds.some((hold) => hold.path === path)) continue
      if ((yield* probe(session, entity, binding, path, new Set(), (shape) => shape !== "absent")) !== "not") continue
      const was = watched.state.types[path] ?? []
      const hold: SchemaHold = { path, fields: fieldsOn(binding, path), kind: "gone", since: session.engine.now(), was, now: [] }
      watched.state = { ...watched.state, holds: [...watched.state.holds, hold] }
      session.schemaHolds++
    }
  })

const fresh = (binding: Binding): SchemaState => ({ fingerprint: binding.fingerprint, types: {}, sparse: [], holds: [] })

/** What was learned of fields that mean something else now is forgotten, and what held them with it. */
function remapped(state: SchemaState, binding: Binding): SchemaState {
  if (state.fingerprint === binding.fingerprint) return state
  const changed = changedFields(state.fingerprint, binding)
  const same = (path: string): boolean => fieldsOn(binding, path).some((field) => !changed.includes(field))
  return {
    fingerprint: binding.fingerprint,
    types: Object.fromEntries(Object.entries(state.types).filter(([path]) => same(path))),
    sparse: state.sparse.filter(same),
    holds: state.holds.filter((hold) => same(hold.path)),
  }
}

/** Judges a page, holds what drifted, and gives the page as it is to be taken in. */
export const watchPage = (session: Session, entity: Entity, binding: Binding, page: Page): Done<Page> =>
  Effect.gen(function* () {
    const watched = session.schemas.get(scanKey(entity.name, binding.key))
    if (watched === undefined) return page
    const items = page.changes.flatMap((change) => (change.kind === "upsert" ? [change] : []))
    yield* watchItems(session, watched, items)
    // what this system was seen to show tells a later pass what it lost, if this one is cut off
    yield* keepLearned(session, watched)
    if (watched.state.holds.length === 0) return page
    const linkOf = yield* knownLinks(session.engine.store, watched, session.made, items, "gone")
    // a copy from before shows what was; those that nobody knows yet count: where all that were known are gone, they alone can tell
    const present = items.filter((item) => {
      const link = linkOf(item)
      const order = compareVersions(binding.spec, item.version ?? null, link?.version ?? null)
      // nor does one that nobody can place in time, where the item itself can be asked
      if (link !== undefined && order === null && binding.spec.read.lookup !== undefined) return false
      return link?.state === "gone" ? order === "newer" : order !== "older"
    })
    const holds = watched.state.holds.map((hold): SchemaHold => {
      const isShown = hold.shown !== true && present.some(({ item }) => fits(hold)(shapeAt(item, hold.path)) === true)
      return isShown ? { ...hold, shown: true } : hold
    })
    watched.state = { ...watched.state, holds }
    const held = { entity, binding, holds: watched.state.holds }
    const changes = yield* maskChanges({ store: session.engine.store, made: session.made }, held, page.changes)
    return { ...page, changes: [...changes] }
  })

interface Item extends Named {
  readonly item: JsonObject
}

const watchItems = (session: Session, watched: Watched, items: readonly Item[]): Done<void> =>
  Effect.gen(function* () {
    if (items.length === 0) return
    const { entity, binding } = watched
    let loaded: readonly Link[] | null = null
    const linksOf: LinksOf = () =>
      Effect.gen(function* () {
        if (loaded !== null) return loaded
        // asked for seldom, and then for several paths
        const linkOf = yield* knownLinks(session.engine.store, watched, session.made, items)
        loaded = [...new Set(items.flatMap((item) => linkOf(item) ?? []))]
        return loaded
      })
    for (const path of pathsRead(binding)) {
      if (watched.state.holds.some((hold) => hold.path === path)) continue
      const hold = yield* judge(session, watched, path, items, linksOf)
      if (hold === null) continue
      watched.state = { ...watched.state, holds: [...watched.state.holds, hold] }
      session.schemaHolds++
      session.warnings.add(sayHold(binding.key, hold))
      // durable before the page is: a later process must not read what this one held
      yield* store(session, entity, binding, watched.state)
      watched.stored = JSON.stringify(watched.state)
    }
  })

/** The same for items that came back from lookups and writes. */
export const watchAnswers = (session: Session, system: string, resource: string, items: readonly Item[]): Effect.Effect<void> =>
  Effect.forEach(
    [...session.schemas.values()].filter(({ binding }) => binding.system === system && binding.resource === resource),
    // pages are over perhaps, and with them the time at which what was learned is kept
    (watched) => watchItems(session, watched, items).pipe(Effect.andThen(keepLearned(session, watched))),
    { discard: true },
    // what could not be stored is noticed again by the next pass
  ).pipe(Effect.ignore)

const keepLearned = (session: Session, watched: Watched): Done<void> =>
  Effect.gen(function* () {
    const { state, back } = watched
    // what is back is held on paper until everything was read again: a pass that is cut off must not forget to
    const known = back.length === 0 ? state : { ...state, holds: [...state.holds, ...back] }
    const text = JSON.stringify(known)
    if (text === watched.stored) return
    yield* store(session, watched.entity, watched.binding, known)
    watched.stored = text
  })

type LinksOf = () => Effect.Effect<readonly Link[], StoreError>

const judge = (session: Session, watched: Watched, path: string, items: readonly Item[], linksOf: LinksOf): Done<SchemaHold | null> =>
  Effect.gen(function* () {
    const { entity, binding, state } = watched
    const shapes = items.map(({ item }) => shapeAt(item, path))
    const now = [...new Set(shapes.filter((shape) => shape !== "absent" && shape !== "null"))]
    const told = state.types[path] ?? []
    if (now.some((type) => told.includes(type))) return learn(watched, path, items, shapes, now)
    if (now.length === 0 && shapes.includes("null")) return null
    const links = yield* linksOf()
    // nobody answers any more to what a write of ours made another id of
    const ids = new Set([...items.map((item) => item.id), ...links.flatMap((link) => link.remoteId ?? [])])
    // items that we made ourselves, and that no page has shown yet, tell as well
    const had = links.filter((link) => hasValue({ entity, binding }, link, path))
    const known = [...new Set([...told, ...had.map((link) => shapeAt(link.seen ?? {}, path))])]
    const hold = (kind: SchemaHold["kind"]): SchemaHold => ({
      path,
      fields: fieldsOn(binding, path),
      kind,
      since: session.engine.now(),
      was: known,
      now,
    })
    if (known.length === 0) return learn(watched, path, items, shapes, now)
    if (now.length > 0) {
      if (now.some((type) => known.includes(type))) return learn(watched, path, items, shapes, now)
      const answer = yield* probe(session, entity, binding, path, ids, (shape) => known.includes(shape))
      // with nobody who ever had a value there, nothing is lost: what cannot be read is in quarantine, item by item
      const isMoot = answer === "unknown" && !(yield* anyHad(session, watched, path))
      return answer === "there" || isMoot ? learn(watched, path, items, shapes, now) : hold("retyped")
    }
    const answer = yield* probe(session, entity, binding, path, ids, (shape) => shape !== "absent")
    // whoever never had it is shown without it, and others with it: absence is how this system says "blank"; strangers alone,
    // where nobody else can be asked, tell nothing
    if (had.length === 0) return answer === "not" ? hold("gone") : answer === "there" ? learnSparse(watched, path) : null
    if (answer === "there") return learn(watched, path, items, shapes, now)
    if (answer === "not") return hold("gone")
    // with nobody left to ask: several at once, or a system that always showed this
    const lost = had.length - (yield* clearedByUs(session, had, path))
    return lost >= TOO_MANY || (lost > 0 && told.length > 0 && !state.sparse.includes(path)) ? hold("gone") : null
  })

/** A kind of value that no rule can read, or that the schema refuses, is in quarantine, and says nothing of how the path is meant. */
function learn(watched: Watched, path: string, items: readonly Item[], shapes: readonly string[], now: readonly string[]): null {
  const { types, sparse } = watched.state
  const known = types[path] ?? []
  const added = now.filter(
    (type) => !known.includes(type) && items.some(({ item }, index) => shapes[index] === type && isRead(watched, path, item)),
  )
  const isSparse = shapes.includes("absent") && now.length > 0 && !sparse.includes(path)
  if (added.length > 0 || isSparse)
    watched.state = {
      ...watched.state,
      types: { ...types, [path]: [...known, ...added] },
      sparse: isSparse ? [...sparse, path] : sparse,
    }
  return null
}

function learnSparse(watched: Watched, path: string): null {
  const { sparse } = watched.state
  if (!sparse.includes(path)) watched.state = { ...watched.state, sparse: [...sparse, path] }
  return null
}

/** After everything was read: what was learned is kept, what is back is delivered again, what is held is told. */
export const closeSchemas = (session: Session): Done<void> =>
  Effect.gen(function* () {
    for (const watched of session.schemas.values()) {
      const { entity, binding } = watched
      for (const hold of watched.state.holds) session.warnings.add(sayHold(binding.key, hold))
      // not read in full yet: it is let go by the pass that does
      if (watched.letGo.length > 0 && remoteOf(session, binding.system).down !== null) continue
      if (watched.letGo.length > 0) {
        const fields = new Set(watched.letGo.flatMap((hold) => hold.fields))
        yield* everyRecord(session, entity, (draft, recordId) => {
          const link = draft.linkIn(recordId, binding.key)
          for (const entry of draft.quarantined())
            if (
              entry.linkId === link?.id &&
              entry.direction === "out" &&
              entry.field !== null &&
              fields.has(entry.field) &&
              !isLeftAlone(entry)
            ) {
              draft.release(entry.id)
              draft.note("released", entry, "the field is back")
            }
          if (
            link !== undefined &&
            (link.remoteId === null || link.owes !== null || Object.keys(link.owed).some((field) => fields.has(field)))
          )
            draft.putLink({ ...link })
        })
        for (const hold of watched.letGo)
          session.warnings.add(
            `${binding.key}: ${hold.path} is back, or the mapping changed: everything was read again, and ${hold.fields.join(", ")} flows on`,
          )
        watched.letGo = []
        watched.back = []
      }
      yield* keepLearned(session, watched)
    }
  })
