// I5: nothing that was deleted comes back without a newer edit or somebody's word. A record's death is remembered with the
// time up to which everybody was known to agree on it: what people typed since may bring it back, what is older may not.
import type { Changes, Intent, RunReport } from "@syncline/core"
import type { Knowledge } from "../knowledge.ts"
import { presentOf, type SimSystem } from "../system.ts"

interface Death {
  readonly at: number
  /** Everybody agreed about the record at this time. */
  readonly agreedAt: number
}

export class Deaths {
  private readonly deaths = new Map<string, Death>()
  private readonly agreed = new Map<string, number>()
  private readonly firstSeen = new Map<string, number>()
  private decidedAt = 0
  private readonly unread = new Set<string>()

  /** People decide other things than values: they may well bring something back. */
  decided(now: number): void {
    this.decidedAt = now
  }
  /** What reads now is told nothing by these: they are down, or there and show nothing. */
  begins(silent: readonly string[]): void {
    this.unread.clear()
    for (const name of silent) this.unread.add(name)
  }
  /** A scan there ended before it had shown everything, and whoever reads it was told so. */
  brokeOff(system: string): void {
    this.unread.add(system)
  }
  /**
   * A pass that began then has ended: whoever owes nothing now had everything then. Of whoever has an item in a system that
   * could not be reached, or was not read to its end, nobody knows what was typed there.
   */
  passEnded(beganAt: number, { unreachable }: Pick<RunReport, "unreachable">, knowledge: Knowledge): void {
    const quiet = new Map<string, boolean>()
    for (const link of knowledge.links.values()) {
      const isRead = ![...this.unread, ...unreachable.map(({ system }) => system)].some((name) => link.binding.startsWith(`${name}.`))
      const calm = isRead && Object.keys(link.owed).length === 0 && link.owes === null && link.rereadAt === null && link.blocked === null
      quiet.set(link.recordId, (quiet.get(link.recordId) ?? true) && calm)
    }
    for (const [recordId, calm] of quiet) if (calm) this.agreed.set(recordId, beganAt)
  }
  /** Called before `knowledge` learns of the commit. */
  committed(changes: Changes, knowledge: Knowledge, now: number): void {
    for (const { id, deleted } of changes.records) {
      const known = knowledge.records.get(id)
      if (known === undefined) this.firstSeen.set(id, now)
      if (deleted !== null && (known === undefined || known.deleted === null))
        this.deaths.set(id, { at: now, agreedAt: this.agreed.get(id) ?? 0 })
    }
  }

  /** Somebody asked for it to come back. */
  broughtBack(recordId: string): void {
    this.deaths.delete(recordId)
  }

  /**
   * A store from that time was put back, and `knowledge` with it. It finds out once more what ended since, if it knows an item
   * that is gone now. Of one that was made since, and is gone, no system tells it anything.
   */
  putBack(from: number, knowledge: Knowledge, systems: Iterable<SimSystem>): void {
    const rows = [...systems].flatMap((system) => system.rows)
    for (const [id, { at }] of this.deaths) {
      if (at < from || (knowledge.records.get(id)?.deleted ?? null) !== null) continue
      const isTold = rows.some((row) => knowledge.ownersOf(row).has(id) && presentOf(row).state !== "live" && knowledge.isLinked(row))
      if (!isTold) this.deaths.delete(id)
    }
  }

  /** An item is made for a record. True: it was deleted, and nobody has done anything for it since. */
  isResurrection(intent: Intent, person: number, knowledge: Knowledge, systems: readonly SimSystem[]): boolean {
    const born = this.firstSeen.get(intent.recordId) ?? 0
    const own = [...this.deaths].filter(
      ([id, death]) => id === intent.recordId || (person >= 0 && knowledge.personOf.get(id) === person && death.at < born),
    )
    const isOther = own.length > 0 && !own.some(([id]) => id === intent.recordId)
    const last = own.map(([, death]) => death).sort((a, b) => b.at - a.at)[0] ?? this.unheeded(intent, knowledge, systems)
    if (last === undefined || this.decidedAt >= last.agreedAt) return false
    for (const { rows, shape } of systems) {
      // another record of theirs, that stands for an item of its own
      if (isOther && rows.some((row) => row.versions.at(-1)?.state === "live" && knowledge.recordOf.get(row) === intent.recordId))
        return false
      const since = last.agreedAt - shape.lagDelta - shape.lagById - shape.horizonMs
      const touched = rows.some(
        (row) =>
          (row.person === person || knowledge.ownersOf(row).has(intent.recordId)) &&
          row.versions.some((version) => version.state === "live" && version.author.by === "user" && version.since >= since),
      )
      if (touched) return false
    }
    return true
  }

  /** The record lives on, as far as the engine is concerned, although a user removed its item there once everybody agreed. */
  private unheeded({ recordId, binding, undoes }: Intent, knowledge: Knowledge, systems: readonly SimSystem[]): Death | undefined {
    const agreedAt = this.agreed.get(recordId)
    const system = systems.find(({ name }) => binding.startsWith(`${name}.`))
    if (agreedAt === undefined || system === undefined || undoes !== undefined) return undefined
    const ended = system.rows
      .filter((row) => knowledge.recordOf.get(row) === recordId)
      .map((row) => row.versions.at(-1))
      .sort((a, b) => (b?.seq ?? 0) - (a?.seq ?? 0))[0]
    return ended !== undefined && ended.state !== "live" && ended.author.by === "user" ? { at: ended.since, agreedAt } : undefined
  }
}
