// What the simulator knows and the engine does not: which row is whose, what the engine was told when, what it meant to
// write, and every value that a person ever typed.
import type { Change, JsonObject } from "@syncline/connector"
import { canonicalText, type Changes, isBlank, type Intent, type Json, type Link, type RecordRow, type Review } from "@syncline/core"
import { presentOf, type Row, type SimSystem } from "./system.ts"
import { plain } from "./words.ts"

export interface Token {
  readonly value: string
  readonly field: string
  readonly system: string
  readonly row: Row
  readonly at: number
  /** What its author had before his eyes. */
  readonly parent: string
}

export class Knowledge {
  readonly tokens: Token[] = []
  /** Values that an author replaced with his eyes open. */
  readonly replaced = new Set<string>()
  /** Values that fell into a window that the system's shape leaves open. */
  readonly windowed = new Set<string>()
  /** People whose items cannot be told apart any more where an item is known by its address alone. */
  readonly blurred = new Set<number>()
  /** Rows that a person said to leave alone: they are nobody's. */
  readonly leftAlone = new Set<Row>()
  /** record/binding -> its item there was found to be of somebody who was forgotten; true: a person has one made beside it. */
  private readonly apart = new Map<string, boolean>()
  readonly typed = new Set<string>()
  /** Rows that a link ever stood for. */
  readonly linked = new Set<Row>()
  readonly recordOf = new Map<Row, string>()
  /** Every record that a row ever stood for: an address that is used again brings its old row back. */
  private readonly owners = new Map<Row, { readonly recordId: string; readonly since: number }[]>()
  readonly personOf = new Map<string, number>()
  /** As last committed. */
  readonly records = new Map<string, RecordRow>()
  readonly links = new Map<string, Link>()
  readonly reviews = new Map<string, Review>()
  readonly intents = new Map<string, Intent>()
  /** Link -> the write under way there. */
  readonly open = new Map<string, Intent>()
  readonly bytes = new Map<string, string>()
  /** Idempotency key -> what was sent under it. */
  readonly keys = new Map<string, string>()
  /** system, row, field, value -> when the engine was first told. */
  private readonly told = new Map<string, number>()
  /** uid -> when the engine was first told of it at all. */
  private readonly shown = new Map<string, number>()
  /** The same, whether it was told to somebody who keeps it or not. */
  private readonly showed = new Set<string>()
  /** system, field -> when any item first showed that there is such a field. */
  private readonly fieldShown = new Map<string, number>()
  /** system, field */
  private readonly unmissed = new Set<string>()
  private readonly askedAt = new Map<Row, number>()
  /** system, field, value that the system returned. */
  private readonly returned = new Set<string>()
  private readonly systems: ReadonlyMap<string, SimSystem>
  private readonly now: () => number

  constructor(systems: ReadonlyMap<string, SimSystem>, now: () => number) {
    this.systems = systems
    this.now = now
  }

  /** `kept`: what becomes of it may be stored; what is heard in a rehearsal is forgotten with it. */
  hear(system: SimSystem, change: Change, kept: boolean): void {
    if (change.kind !== "upsert") return
    const uid = String(change.item["uid"])
    if (kept && !this.shown.has(uid)) this.shown.set(uid, this.now())
    for (const [field, value] of Object.entries(change.item)) {
      this.returned.add(textOf(system.name, field, value))
      const name = `${system.name}/${field}`
      if (kept && !this.fieldShown.has(name)) this.fieldShown.set(name, this.now())
      const key = `${uid}/${textOf(system.name, field, value)}`
      this.showed.add(key)
      if (kept && !this.told.has(key)) this.told.set(key, this.now())
    }
  }
  /** When anything first showed it; null: never. */
  shownAt(row: Row): number | null {
    return this.shown.get(row.uid) ?? null
  }
  /** Whether nothing had ever said by then that items there have this field, blank or not. */
  isUnheardOf(system: string, field: string, by: number): boolean {
    return (this.fieldShown.get(`${system}/${field}`) ?? Infinity) > by
  }
  /**
   * A field is gone there from now on. One item without its value is one that somebody cleared, where others were without one
   * before: nobody can tell, and what stands there unseen goes with its item.
   */
  vanishes(system: SimSystem, field: string): void {
    const had = [...this.links.values()].filter(({ binding, state, seen }) => {
      return binding.startsWith(`${system.name}.`) && state !== "gone" && seen !== null && !isBlank(seen[field] ?? null)
    })
    const isSparse = system.live().some((row) => !(field in system.shows(presentOf(row).item)))
    if (had.length === 0 || (had.length === 1 && isSparse)) this.unmissed.add(`${system.name}/${field}`)
    else this.unmissed.delete(`${system.name}/${field}`)
  }
  /** Whether nobody could tell that the field is gone there, when it went. */
  isUnmissed(system: string, field: string): boolean {
    return this.unmissed.has(`${system}/${field}`)
  }
  asked(row: Row): void {
    this.askedAt.set(row, this.now())
  }
  /** When a lookup last named it; null: never. */
  lastAsked(row: Row): number | null {
    return this.askedAt.get(row) ?? null
  }
  toldAt(system: string, row: Row, field: string, value: Json): number | null {
    return this.told.get(`${row.uid}/${textOf(system, field, value)}`) ?? null
  }
  /** `row`: the item itself, where it can be told from others for sure. */
  wasReturned(system: string, row: Row | null, seen: JsonObject): string | null {
    const strange = Object.entries(seen).find(
      ([field, value]) =>
        !this.returned.has(textOf(system, field, value)) ||
        (row !== null && !this.showed.has(`${row.uid}/${textOf(system, field, value)}`)),
    )
    return strange === undefined ? null : `${strange[0]} = ${JSON.stringify(strange[1])}`
  }

  type(token: Token): void {
    this.tokens.push(token)
    this.typed.add(plain(token.value))
    this.replace(token.field, token.parent)
  }
  /** An author put something else in the place of what he saw. */
  replace(field: string, parent: string): void {
    if (parent !== "") this.replaced.add(`${field}/${parent}`)
  }

  /** Something in a system replaced a value that it had before its eyes, by one that it may have put there before: told anew. */
  automated(row: Row, system: string, field: string, { before, value }: { before: Json; value: string }): void {
    this.typed.add(plain(value))
    this.told.delete(`${row.uid}/${textOf(system, field, value)}`)
    if (plain(before) !== plain(value)) this.replaced.add(`${field}/${plain(before)}`)
  }

  /** What mirrors the store: what this gives back winds it back. What is true of the systems stays. */
  remember(): () => void {
    const { records, links, reviews, open, told, recordOf, linked, leftAlone, apart } = this
    const kept = [records, links, reviews, open, told, recordOf, apart].map((map) => winding(map as Map<unknown, unknown>))
    const sets = [linked, leftAlone].map((set) => windingSet(set as Set<unknown>))
    const shown = winding(this.shown)
    return () => {
      const before = new Map(recordOf)
      for (const back of [...kept, ...sets, shown]) back()
      // an item that was made or found for a record that is known again is that record's, whether the store knows or not
      for (const [row, recordId] of before) if (!recordOf.has(row) && records.has(recordId)) recordOf.set(row, recordId)
      for (const [row, recordId] of recordOf) this.belongs(row, recordId)
    }
  }
  /** Learns from a commit whose rows are whose. */
  learn(changes: Changes): void {
    for (const record of changes.records) this.records.set(record.id, record)
    for (const id of changes.dropLinks) this.links.delete(id)
    for (const link of changes.links) this.links.set(link.id, link)
    for (const review of changes.reviews) this.reviews.set(review.id, review)
    for (const id of changes.closeIntents) this.open.delete(this.intents.get(id)?.linkId ?? "")
    for (const intent of changes.openIntents) {
      this.intents.set(intent.id, intent)
      this.open.set(intent.linkId, intent)
    }
    // who is held apart and let go in one commit waits for a word still
    for (const { kind, note, recordId, binding } of changes.journal)
      if (kind === "retried" && note === "by decision" && this.apart.has(`${recordId}/${binding}`))
        this.apart.set(`${recordId}/${binding}`, true)
    for (const { reason, direction, binding, recordId } of changes.quarantine)
      if (direction === "out" && reason.startsWith("what is there is of somebody who was forgotten"))
        this.apart.set(`${recordId}/${binding}`, false)
    for (const { reason, direction, binding, remoteId } of changes.quarantine) {
      const row = this.rowOf({ binding, remoteId, secondaryId: null })
      if (row !== undefined && direction === "in" && reason === "left alone by decision") this.leftAlone.add(row)
    }
    for (const link of changes.links) {
      const row = this.rowOf(link)
      if (row === undefined || link.state === "gone") continue
      this.linked.add(row)
      this.belongs(row, link.recordId)
      if (!this.personOf.has(link.recordId)) this.personOf.set(link.recordId, row.person)
    }
  }
  belongs(row: Row, recordId: string): void {
    this.recordOf.set(row, recordId)
    const owners = this.owners.get(row) ?? []
    this.owners.set(row, owners)
    if (owners.at(-1)?.recordId !== recordId) owners.push({ recordId, since: this.now() })
  }
  /** A person was told that what is there is of somebody who was forgotten, and had another one made beside it. */
  mayHaveOneBeside(recordId: string, binding: string): boolean {
    return this.apart.get(`${recordId}/${binding}`) === true
  }
  /** Whether a link stands for it now. */
  isLinked(row: Row): boolean {
    return [...this.links.values()].some((link) => link.state !== "gone" && this.rowOf(link) === row)
  }
  ownersOf(row: Row): ReadonlySet<string> {
    return new Set(this.owners.get(row)?.map(({ recordId }) => recordId))
  }
  /** Whose a row was at a time. */
  ownerAt(row: Row, time: number): string | undefined {
    return this.owners.get(row)?.findLast(({ since }) => since <= time)?.recordId
  }
  rowOf(link: Pick<Link, "binding" | "remoteId" | "secondaryId">): Row | undefined {
    const system = this.systems.get(link.binding.split(".")[0] ?? "")
    if (system === undefined || link.remoteId === null) return undefined
    return link.secondaryId === null ? system.byId(link.remoteId) : system.byUid(link.secondaryId)
  }
}

const winding = <K, V>(map: Map<K, V>): (() => void) => {
  const copy = new Map(map)
  return () => {
    map.clear()
    for (const [key, value] of copy) map.set(key, value)
  }
}
const windingSet = <V>(set: Set<V>): (() => void) => {
  const copy = new Set(set)
  return () => {
    set.clear()
    for (const value of copy) set.add(value)
  }
}

const textOf = (system: string, field: string, value: Json): string => `${system}/${field}/${canonicalText(value)}`
