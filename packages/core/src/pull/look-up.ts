// Reads items again by id, in batches, and tells "gone" from "not found": absence counts only beside a found sibling.
import * as Effect from "effect/Effect"
import type { Change, LookupAnswer } from "@syncline/connector"
import type { Binding, Entity } from "../model/pipeline.ts"
import type { Link } from "../model/link.ts"
import type { Draft } from "../integrate/draft.ts"
import { NOT_FOUND } from "../integrate/doubt.ts"
import { integratePage, touches } from "../integrate/integrate.ts"
import { removeItem } from "../integrate/remove.ts"
import { stayGone } from "../integrate/tombstone.ts"
import type { StaleLease, StoreError } from "../store/error.ts"
import { callRemote, type Remote, type RemoteFault } from "../session/remote.ts"
import { countersOf, remoteOf, type Session, step } from "../session/session.ts"

export interface Reread {
  /** Links that need no more looking at. */
  readonly settled: number
  /** Whatever was not found was not found beside an item that was: the answers can be taken at their word. */
  readonly conclusive: boolean
}

/** What an item is called: its id, and its stable name where it has one. */
type Named = Pick<Link, "remoteId" | "secondaryId">

export interface Found<T extends Named = Link> {
  readonly link: T
  readonly answer: LookupAnswer
}

const secondaryFirst = (binding: Binding, link: Named): "id" | "secondary" =>
  link.secondaryId !== null && binding.spec.read.lookup?.by.includes("secondary") === true ? "secondary" : "id"

/** Looks links, or what is named like them, up by their stable id where they have one. */
export const lookUpLinks = <T extends Named>(
  remote: Remote,
  binding: Binding,
  links: readonly T[],
): Effect.Effect<readonly Found<T>[], StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    const max = binding.spec.read.lookup?.max ?? 0
    const found: Found<T>[] = []
    if (max === 0) return found
    for (const by of ["secondary", "id"] as const) {
      if (binding.spec.read.lookup?.by.includes(by) !== true) continue
      const group = links.filter((link) => secondaryFirst(binding, link) === by && link.remoteId !== null)
      for (let at = 0; at < group.length; at += max) {
        const batch = group.slice(at, at + max)
        const values = batch.map((link) => (by === "secondary" ? link.secondaryId : link.remoteId) ?? "")
        const answers = yield* callRemote(remote, (connector, signal) => {
          if (connector.lookup === undefined) throw new Error(`${remote.system} declares lookups but has none`)
          return connector.lookup(binding.resource, by, values, { signal })
        })
        batch.forEach((link, index) => {
          const answer = answers[index]
          if (answer !== undefined) found.push({ link, answer })
        })
      }
    }
    return found
  })

/** Whether "not found" says anything about this link: its id cannot have changed without our knowing. */
const idIsProof = (binding: Binding, link: Link): boolean => binding.spec.id.stable || secondaryFirst(binding, link) === "secondary"

/** Nothing is owed to one that a create of ours made: whoever lets that go would owe it to nobody. */
const isNeverRead = ({ state, seen, secondaryId, owes, owed }: Link): boolean =>
  state === "live" && seen === null && secondaryId === null && owes === null && Object.keys(owed).length > 0

/**
 * Reads links again and merges what came back as fresh. Items that are not there, while a sibling is, are deleted;
 * `sibling` is asked along so that an outage that answers "not found" proves nothing.
 */
export const reread = (
  session: Session,
  entity: Entity,
  binding: Binding,
  links: readonly Link[],
  sibling: Link | null,
): Effect.Effect<Reread, StoreError | StaleLease | RemoteFault> =>
  Effect.gen(function* () {
    if (links.length === 0 || binding.spec.read.lookup === undefined) return { settled: 0, conclusive: true }
    let settled = 0
    const count = (draft: Draft, own: readonly Link[]): void => {
      settled += own.filter(({ id }) => draft.link(id)?.rereadAt === null).length
    }
    const asked = sibling === null || links.some((link) => link.id === sibling.id) ? links : [...links, sibling]
    const found = yield* lookUpLinks(remoteOf(session, binding.system), binding, asked)
    const present: Change[] = []
    const hearsay: Change[] = []
    const missing: Link[] = []
    const dead: Link[] = []
    const moved: { readonly link: Link; readonly into: string }[] = []
    for (const { link, answer } of found) {
      if ("found" in answer) {
        // the sibling only shows that lookups work; where they lag, its answer may be older than what is known of it
        const wanted = binding.spec.read.lagMs.byId === 0 || link.id !== sibling?.id || links.includes(link)
        if (wanted) present.push(answer.found)
        else hearsay.push(answer.found)
      } else if (answer.fault.class === "gone" && answer.fault.existingId !== undefined) moved.push({ link, into: answer.fault.existingId })
      else if (answer.fault.class === "gone") dead.push(link)
      else if (answer.fault.class === "notFound") missing.push(link)
    }
    const siblingAnswered = found.some(({ answer }) => "found" in answer && answer.found.kind === "upsert")
    if (present.length + hearsay.length > 0) {
      const counts = yield* step(
        session,
        entity,
        session.engine.store.loadPage({
          entity: entity.name,
          binding: binding.key,
          ...touches(binding, entity, [...present, ...hearsay]),
        }),
        (draft) => {
          integratePage(draft, binding, hearsay, { confirmed: false })
          const counted = integratePage(draft, binding, present, { confirmed: true })
          const there = found.filter(({ answer }) => "found" in answer).map(({ link }) => link)
          count(
            draft,
            there.filter((link) => links.includes(link)),
          )
          return counted
        },
      )
      countersOf(session, binding.system).changed += counts.changed
    }
    if (moved.length > 0) settled += yield* follow(session, entity, binding, moved)
    const absent = [...dead, ...missing]
    if (absent.length > 0) {
      yield* step(session, entity, session.engine.store.loadRecords([...new Set(absent.map((link) => link.recordId))]), (draft) => {
        for (const { id } of absent) {
          const link = draft.link(id)
          if (link === undefined) continue
          if (draft.intent(id) !== undefined) {
            // a write of ours is open, a delete perhaps: how that ended is found out first
            draft.putLink({ ...link, rereadAt: session.engine.now() })
            continue
          }
          if (link.seenAt !== null && link.seenAt + binding.spec.read.lagMs.byId > session.engine.now()) {
            // it was there a moment ago, for our own create perhaps: this answer may be older than that
            draft.putLink({ ...link, rereadAt: link.seenAt })
            continue
          }
          const proven = idIsProof(binding, link) && (siblingAnswered || dead.some((other) => other.id === id))
          // what it was when it went is not known: no version is newer than that for certain
          const version = proven && link.state !== "gone" ? null : link.version
          draft.putLink({ ...link, version, rereadAt: null })
          if (proven && link.state !== "gone")
            removeItem(draft, id, "a lookup by id does not find it, while it finds others", session.engine.now())
          else if (link.state === "gone") stayGone(draft, link)
          // taken for its item by an address that it had, and never read: whoever it was has another by now
          else if (siblingAnswered && isNeverRead(link)) {
            draft.note("unlinked", link, "it was never read, and is not found under its address any more")
            draft.putLink({ ...link, remoteId: null, rereadAt: null, blocked: link.blocked === NOT_FOUND ? null : link.blocked })
          } else draft.putLink({ ...link, rereadAt: null, blocked: NOT_FOUND })
        }
        count(draft, absent)
      })
    }
    return { settled, conclusive: missing.length === 0 || siblingAnswered }
  })

/** Items that others stand for now: answers for how many that is settled. */
const follow = (
  session: Session,
  entity: Entity,
  binding: Binding,
  moved: readonly { readonly link: Link; readonly into: string }[],
): Effect.Effect<number, StoreError | StaleLease> => {
  const merges = moved.map(({ link, into }): Change => ({ kind: "merge", id: link.remoteId ?? "", into }))
  const page = { entity: entity.name, binding: binding.key, ...touches(binding, entity, merges) }
  return step(session, entity, session.engine.store.loadPage(page), (draft) => {
    integratePage(draft, binding, merges, { confirmed: true })
    return moved.filter(({ link: { id } }) => draft.link(id)?.rereadAt === null).length
  })
}
