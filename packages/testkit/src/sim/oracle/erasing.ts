// What must hold once a person was forgotten: no table of the store, and nothing that is written into it from then on, holds a
// value of theirs; nobody with one of their keys is taken in again; and of others nothing is touched. Fed with what the store
// was told to erase; judged from the history of the systems. An item whose name is its own for ever is known whatever it shows.
import { canonicalText, type Changes, type Erasure, type Json, type Link, namesKeys, passingIdKey } from "@syncline/core"
import { presentOf, type Row } from "../system.ts"
import { addressOf, plain } from "../words.ts"
import type { World } from "../world.ts"

const MOST = 100_000

export class Erasing {
  /** Records that are no more. */
  readonly records = new Set<string>()
  /** Whose items people asked to have deleted everywhere. */
  private readonly unwanted = new Set<Row>()
  private readonly unwantedRecords = new Set<string>()
  /** Records that there were when somebody asked. */
  private readonly knownThen = new Set<string>()
  /** Items of forgotten people, and since when. */
  private readonly rows = new Map<Row, number>()
  /** Those of them that came to stand for somebody else, while nothing stood against the address they showed then. */
  private readonly elsewhere = new Set<Row>()
  /** Addresses that are not taken in again. */
  private readonly blocked = new Set<string>()
  /** Items that have a name which is theirs for ever, and was known: not taken in again, whatever they show. */
  private readonly known = new Set<Row>()
  /** Those names, as the store keeps them. */
  readonly names: Erasure["keys"][number][] = []
  /** What was said to be lost, in words that were erased since with the record they were about. */
  private readonly unsaid = new Set<string>()
  private readonly words = new Map<string, Set<string>>()

  /** Somebody asked for that: these are the items, as far as anybody knows. */
  asked(world: World, recordId: string | null, rows: Iterable<Row>): void {
    for (const id of world.knowledge.records.keys()) if (!this.isAdopted(world, id)) this.knownThen.add(id)
    if (recordId !== null) this.unwantedRecords.add(recordId)
    for (const row of rows) this.unwanted.add(row)
  }
  /** Its record was made of an item that was to go, as that was read for it: it is the same person, and goes with all that is theirs. */
  isAdopted({ knowledge }: World, recordId: string): boolean {
    return !this.knownThen.has(recordId) && [...this.unwanted].some((row) => knowledge.recordOf.get(row) === recordId)
  }
  /** Somebody asked to have it deleted, or everything of its record. */
  isUnwanted(row: Row, recordId: string | null): boolean {
    return this.unwanted.has(row) || (recordId !== null && this.unwantedRecords.has(recordId))
  }
  /** With it goes what was said there. */
  isOf(world: World, row: Row): boolean {
    const owners = [...world.knowledge.ownersOf(row)]
    return this.rows.has(row) || this.isUnwanted(row, null) || owners.some((id) => this.isUnwanted(row, id) || this.isAdopted(world, id))
  }
  /** It is of somebody who was forgotten, and known again. */
  isLeftAlone(row: Row): boolean {
    return this.known.has(row) || this.isBlocked(presentOf(row).item["email"])
  }
  private isBlocked(email: Json | undefined): boolean {
    return typeof email === "string" && this.blocked.has(email.trim().toLowerCase())
  }

  /** Whether somebody was told that a value was lost, and was forgotten with those words: its item may live on under another record. */
  wasSaid(field: string, value: string): boolean {
    return this.unsaid.has(`${field}/${value}`)
  }
  private hear({ journal }: Changes): void {
    for (const { recordId, changes } of journal)
      for (const { field, lost } of recordId === null ? [] : changes)
        if (lost !== undefined && recordId !== null)
          this.words.set(recordId, (this.words.get(recordId) ?? new Set()).add(`${field}/${plain(lost)}`))
  }

  /** The store has erased: what is gone of what is known, and what of it should not be. */
  async erased(world: World, erasure: Erasure, rows: readonly Row[]): Promise<void> {
    const { knowledge, store } = world
    const { keys, recordIds, alike } = erasure
    for (const { value } of keys) for (const part of JSON.parse(value.startsWith("[") ? value : "[]") as string[]) this.blocked.add(part)
    const ids = [...knowledge.records.keys()]
    const { records, links } = await world.ask(store.loadRecords(ids))
    const left = new Set(records.map(({ id }) => id))
    for (const id of ids.filter((one) => !left.has(one))) {
      const record = knowledge.records.get(id)
      const email = String(record?.fields["email"] ?? "")
      const isLife = record?.deleted != null && (alike.includes(email) || record.deleted.mergedInto !== undefined)
      if (!recordIds.includes(id) && !isLife) world.violate("forget", `${id} (${email}) is erased with ${recordIds.join(", ")}`)
      knowledge.records.delete(id)
      for (const word of this.words.get(id) ?? []) this.unsaid.add(word)
      this.records.add(id)
    }
    const own = [...world.systems.values()].flatMap((system) =>
      system.rows.filter((row) => {
        const owners = knowledge.ownersOf(row)
        return owners.size > 0 && [...owners].every((owner) => this.records.has(owner))
      }),
    )
    const items = [...rows, ...besides(world, erasure)]
    for (const row of [...own, ...items]) {
      this.rows.set(row, world.time.now)
      this.elsewhere.delete(row)
    }
    // taken in before this address was blocked, and left where it is: of others nothing is touched
    for (const row of this.rows.keys())
      if ([...knowledge.ownersOf(row)].some((owner) => knowledge.records.get(owner)?.deleted === null)) this.elsewhere.add(row)
    for (const link of knowledge.links.values()) if (this.records.has(link.recordId)) this.name(world, link)
    for (const row of items) {
      const { name, shape } = world.system(row.uid.replace(/\d+$/, ""))
      this.name(world, { binding: `${name}.people`, remoteId: presentOf(row).id, secondaryId: shape.secondary ? row.uid : null })
    }
    for (const link of knowledge.links.values()) {
      const now = links.find(({ id }) => id === link.id)
      if (this.records.has(link.recordId)) {
        if (now !== undefined) world.violate("forget", `${link.id} of ${link.recordId} is left, which was forgotten`)
        knowledge.links.delete(link.id)
        knowledge.open.delete(link.id)
      } else if (now === undefined || canonicalText([now.seen, now.owed, now.state]) !== canonicalText([link.seen, link.owed, link.state]))
        world.violate("forget", `${link.id} of ${link.recordId} is not as it was, and ${recordIds.join(", ")} was forgotten`)
    }
    const reviews = new Set((await world.ask(store.reviews({ limit: MOST }))).map(({ id }) => id))
    for (const id of knowledge.reviews.keys()) if (!reviews.has(id)) knowledge.reviews.delete(id)
    await this.scan(world)
  }

  private name(world: World, link: Pick<Link, "binding" | "remoteId" | "secondaryId">): void {
    const { binding, remoteId, secondaryId } = link
    const { id, reuses } = world.system(binding.split(".")[0] ?? "").shape
    const isAnothers = [...world.knowledge.links.values()].some(
      (other) =>
        other.binding === binding && other.secondaryId === secondaryId && other.state !== "gone" && !this.records.has(other.recordId),
    )
    const own = namesKeys(binding, {
      remoteId: id === "opaque" && reuses !== true ? remoteId : null,
      secondaryId: isAnothers ? null : secondaryId,
    })
    const row = world.knowledge.rowOf(link)
    if (remoteId !== null) this.names.push({ entity: "person", key: passingIdKey(binding), value: remoteId })
    if (own.length === 0) return
    if (row !== undefined) this.known.add(row)
    this.names.push(...own.map((pair) => ({ entity: "person", ...pair })))
  }

  /** Looks through every table. */
  async scan(world: World): Promise<void> {
    if (this.rows.size === 0) return
    const { store } = world
    const journal = await world.ask(store.journal({ limit: MOST }))
    const ids = [...new Set(journal.flatMap(({ recordId }) => (recordId === null ? [] : [recordId])))]
    const names = world.pipeline.entities.flatMap(({ name, bindings }) => bindings.map(({ key }) => `schema/${name}/${key}`))
    const tables: Readonly<Record<string, unknown>> = {
      journal,
      ...(await world.ask(store.loadRecords([...new Set([...ids, ...world.knowledge.records.keys(), ...this.records])]))),
      reviews: await world.ask(store.reviews({ limit: MOST })),
      quarantine: await world.ask(store.quarantined({ limit: MOST })),
      open: await world.ask(store.openIntents(MOST)),
      runs: await world.ask(store.runs(MOST)),
      scans: await world.ask(store.scans()),
      systems: await Promise.all(names.map((name) => world.ask(store.systemState(name)))),
    }
    const values = this.canaries(world)
    for (const [table, rows] of Object.entries(tables)) {
      const found = firstIn(rows, values)
      if (found !== null) world.violate("forget", `${table} holds ${JSON.stringify(found)} of somebody who was forgotten`)
    }
  }
  /** What is about to be stored. */
  *judge(world: World, changes: Changes): Generator<string> {
    this.hear(changes)
    if (this.rows.size === 0) return
    const found = firstIn(changes, this.canaries(world))
    if (found !== null) yield `${JSON.stringify(found)} of somebody who was forgotten is stored again`
    for (const { id, fields, deleted } of changes.records)
      if (!world.knowledge.records.has(id) && deleted === null && this.isBlocked(fields["email"]))
        yield `${id} is made for ${String(fields["email"])}, who was forgotten`
  }
  /** A text that must name nobody. */
  named(world: World, text: unknown): string | null {
    return firstIn(text, this.canaries(world))
  }

  /** Values that nothing shows but items of forgotten people, under addresses by which they are known again. */
  private canaries(world: World): readonly string[] {
    const own = new Set<string>()
    const others = new Set<string>()
    for (const system of world.systems.values())
      for (const row of system.rows) {
        const since = this.rows.get(row)
        const isKnown =
          since !== undefined &&
          !this.elsewhere.has(row) &&
          (this.known.has(row) || row.versions.every(({ item }, at) => isBefore(row, at, since) || this.isBlocked(item["email"])))
        for (const value of valuesOf(row)) (isKnown ? own : others).add(value)
      }
    return [...own].filter((value) => !others.has(value))
  }
}

const isBefore = (row: Row, at: number, time: number): boolean => (row.versions[at + 1]?.since ?? Number.POSITIVE_INFINITY) <= time

function* valuesOf(row: Row): Generator<string> {
  for (const { item } of row.versions)
    for (const [path, value] of Object.entries(item))
      if (path !== "stage")
        for (const one of Array.isArray(value) ? value : [value])
          if (typeof one === "string" && one.trim().length > 1) yield one.trim().toLowerCase()
}

/** The first of some values that stands anywhere in a structure, by itself or as a word of a text. */
function firstIn(structure: unknown, values: readonly string[]): string | null {
  if (values.length === 0) return null
  const text = (JSON.stringify(structure) ?? "").toLowerCase()
  return values.find((value) => stands(text, JSON.stringify(value).slice(1, -1))) ?? null
}

function stands(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
    if (!LETTER.test(text.charAt(at - 1)) && !GOES_ON.test(text.charAt(at + value.length))) return true
  return false
}

const LETTER = /[a-z0-9_]/u
const GOES_ON = /[a-z0-9_@]/u

/** Items without a record that are of the same person: they wait as second ones of these records, or were left alone as such. */
function besides({ knowledge }: World, { recordIds, alike }: Erasure): readonly Row[] {
  const waiting = [...knowledge.reviews.values()].flatMap(({ kind, status, item, candidates, binding, remoteId, secondary = null }) => {
    const isBeside = status === "open" && kind === "duplicate" && item !== null && recordIds.includes(candidates[0] ?? "")
    return (isBeside && binding !== null ? knowledge.rowOf({ binding, remoteId, secondaryId: secondary }) : undefined) ?? []
  })
  const alone = [...knowledge.leftAlone].filter(({ versions }) => versions.some(({ item }) => alike.includes(addressOf(item))))
  return [...waiting, ...alone].filter((row) => !knowledge.isLinked(row))
}

/** Items that stand for a record now. */
export const itemsOf = (world: World, recordId: string): readonly Row[] =>
  [...world.systems.values()].flatMap(({ rows }) =>
    rows.filter((row) => world.knowledge.recordOf.get(row) === recordId && presentOf(row).state !== "gone"),
  )
