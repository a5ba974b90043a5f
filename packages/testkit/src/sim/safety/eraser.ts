// Somebody asks to be forgotten, here or everywhere: found by what they say of themselves, as from the command line. Judged is
// what comes of it; that nothing of them is left, where the store erases.
import * as Effect from "effect/Effect"
import { findWaiting, forgetItems, forgetRecord, type Receipt, type WaitingItem } from "@syncline/core"
import { type Fate, host } from "../host.ts"
import { itemsOf } from "../oracle/erasing.ts"
import type { Chance } from "../random.ts"
import { presentOf, type Row } from "../system.ts"
import type { World } from "../world.ts"

interface Wish {
  readonly who: string | readonly WaitingItem[]
  readonly everywhere: boolean
}

/** Items that were known when somebody asked. */
interface Known {
  readonly rows: readonly Row[]
  readonly since: number
}

const FEW = 10

export class Eraser {
  private readonly world: World
  private last: Wish | null = null

  constructor(world: World) {
    this.world = world
  }

  /** False: the process ended in the middle. */
  async forget(roll: Chance, fate: Fate): Promise<boolean> {
    const rows = [...this.world.systems.values()].flatMap((system) => system.live())
    if (rows.length === 0) return true
    const who = await this.find(String(presentOf(roll.of(rows)).item["email"] ?? ""), roll)
    if (who === null) return true
    this.last = { who, everywhere: roll.is(0.5) }
    return this.grant(this.last, fate)
  }
  /** The same wish once more: what did not go through the first time may now. */
  async again(fate: Fate): Promise<boolean> {
    return this.last === null || this.grant(this.last, fate)
  }

  private async find(text: string, roll: Chance): Promise<Wish["who"] | null> {
    const { world } = this
    const found = await world.ask(world.store.find(text.trim(), FEW))
    if (found.length > 0) return roll.of(found)
    const { items } = await world.ask(findWaiting(world.store, world.pipeline, text.trim()))
    return items.length === 0 ? null : (items[0]?.recordId ?? items)
  }
  private async grant({ who, everywhere }: Wish, fate: Fate): Promise<boolean> {
    const { world } = this
    const items = typeof who === "string" ? [] : this.rowsOf(who)
    world.note(
      `ann has ${typeof who === "string" ? who : who.map(({ remoteId }) => remoteId).join(", ")} forgotten${everywhere ? ", everywhere" : ""}`,
    )
    world.flips.calm()
    world.flips.begin(null)
    if (everywhere)
      world.erasing.asked(world, typeof who === "string" ? who : null, [...items, ...(typeof who === "string" ? this.around(who) : [])])
    world.forgetting = items
    const sent = world.sent
    const askedAt = world.time.now
    const known = typeof who === "string" ? this.linked(who) : []
    // somebody allowed it
    const options = { everywhere, allow: { delete: 1_000_000 } }
    const given = await host(
      world,
      (engine) =>
        Effect.map(typeof who === "string" ? forgetRecord(engine, who, options) : forgetItems(engine, who, options), (receipt) => ({
          receipt,
        })),
      fate,
      (_, { receipt }) => this.judge(receipt, everywhere, world.sent - sent, { rows: known, since: askedAt }),
    )
    world.forgetting = []
    if (given === null) return false
    const { receipt } = given
    if (receipt !== null)
      world.note(
        `  ${receipt.erased === null ? `not erased: ${receipt.why ?? ""}` : `erased: ${receipt.erased.journal} rows of the journal`}`,
      )
    return true
  }

  private async judge(receipt: Receipt | null, everywhere: boolean, sent: number, known: Known): Promise<void> {
    const { world } = this
    if (receipt === null) return
    const named = world.erasing.named(world, receipt)
    if (named !== null) world.violate("forget", `the receipt names ${named}`)
    if (!everywhere && sent > 0) world.violate("forget", `${sent} writes, and somebody was to be forgotten here alone`)
    if (receipt.erased === null && receipt.why === null) world.violate("forget", "nothing was erased, and nobody says why")
    for (const row of everywhere && receipt.erased !== null ? known.rows : [])
      if (
        presentOf(row).state === "live" &&
        !wasRenamed(world, row, known.since) &&
        !row.versions.some(({ state, since }) => state !== "live" && since >= known.since)
      )
        world.violate("forget", `${row.uid} is there as ever, and its person was forgotten everywhere`)
    await world.erasing.scan(world)
  }
  private linked(recordId: string): readonly Row[] {
    const { knowledge } = this.world
    const own = [...knowledge.links.values()].filter((link) => link.recordId === recordId && link.state !== "gone")
    return own.flatMap((link) => knowledge.rowOf(link) ?? [])
  }
  /** Its items, and those of whoever is the same one. */
  private around(recordId: string): readonly Row[] {
    const { world } = this
    const own = itemsOf(world, recordId)
    const emails = new Set(
      own.map((row) =>
        String(presentOf(row).item["email"] ?? "")
          .trim()
          .toLowerCase(),
      ),
    )
    const record = world.knowledge.records.get(recordId)
    emails.add(String(record?.fields["email"] ?? ""))
    const alike = [...world.systems.values()].flatMap((system) =>
      system.rows.filter((row) =>
        row.versions.some(({ item }) =>
          emails.has(
            String(item["email"] ?? "")
              .trim()
              .toLowerCase(),
          ),
        ),
      ),
    )
    return [...own, ...alike]
  }
  private rowsOf(items: readonly WaitingItem[]): readonly Row[] {
    return items.flatMap(({ binding, remoteId }) => this.world.knowledge.rowOf({ binding, remoteId, secondaryId: null }) ?? [])
  }
}

/** Known by its address alone, and under another one since somebody asked: nothing that is asked of it there finds it. */
const wasRenamed = (world: World, row: Row, since: number): boolean => {
  const { id, secondary } = world.system(row.uid.replace(/\d+$/, "")).shape
  return (
    id === "address" &&
    !secondary &&
    row.versions.some((version) => version.since >= since && version.author.by === "user" && version.id !== versionBefore(row, version)?.id)
  )
}

const versionBefore = (row: Row, version: Row["versions"][number]): Row["versions"][number] | undefined =>
  row.versions[row.versions.indexOf(version) - 1]
