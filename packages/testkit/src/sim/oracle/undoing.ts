// What an undo may write and what must come of it: only what the run wrote, put back to what was there before, nothing that
// somebody touched since, and no run does it again before a person said so. Fed with every write; judged from the history.
import { type Binding, type Intent, type Json, type RecordRow, type UndoAction, type UndoReport } from "@syncline/core"
import type { Effect, Row } from "../system.ts"
import { plain } from "../words.ts"
import type { World } from "../world.ts"
import { isKnown } from "./known-edits.ts"
import { hasNoStableName, isOneItem } from "./one-item.ts"
import { addedSince, editedSince, same, wasEdited, wasTouched } from "./touched.ts"

interface Held {
  readonly recordId: string
  /** What was taken back. */
  readonly value: string
  readonly since: number
}

export class Undoing {
  /** Intent -> the run that learned how it ended, and journalled it. */
  private readonly settledIn = new Map<string, string>()
  private readonly held = new Map<Row, Map<string, Held>>()
  /** Record and binding, for items that were removed, and since when. */
  private readonly removed = new Map<string, number>()
  private readonly decidedAt = new Map<string | null, number>()
  /** When records ended: an undo that was on its way then holds nothing, whatever becomes of them. */
  private readonly endedAt = new Map<string, number>()
  private beganAt = 0

  remember(): () => void {
    const settledIn = new Map(this.settledIn)
    const held = new Map([...this.held].map(([row, fields]) => [row, new Map(fields)]))
    const removed = new Map(this.removed)
    return () => {
      for (const map of [this.settledIn, this.held, this.removed]) map.clear()
      for (const [id, run] of settledIn) this.settledIn.set(id, run)
      for (const [row, fields] of held) this.held.set(row, new Map(fields))
      for (const [key, since] of removed) this.removed.set(key, since)
    }
  }
  begins(world: World): void {
    const lags = [...world.systems.values()].map(({ shape }) => shape.lagDelta + shape.lagById)
    this.beganAt = world.time.now - Math.max(0, ...lags)
  }
  settled(intentId: string, run: string): void {
    this.settledIn.set(intentId, run)
  }
  /** A person decided about a record: what was held there is free. */
  decided(recordId: string | null, now: number): void {
    this.decidedAt.set(recordId, now)
    for (const fields of this.held.values()) for (const [field, one] of fields) if (one.recordId === recordId) fields.delete(field)
    for (const key of this.removed.keys()) if (recordId === null || key.startsWith(`${recordId} `)) this.removed.delete(key)
  }
  /**
   * A record ended, and what was asked about it with it: who brings it back meets whatever it says then. Or one of its fields
   * has another value now: where it comes back to what it was, somebody says so anew.
   */
  moved({ id, deleted, fields }: RecordRow, before: RecordRow | undefined, now: number): void {
    if (deleted !== null && before?.deleted === null) this.endedAt.set(id, now)
    for (const rows of this.held.values())
      for (const [path, one] of rows) {
        if (one.recordId !== id) continue
        const name = path === "stage" ? "consent" : path
        if (deleted !== null || (before !== undefined && !same(before.fields[name], fields[name]))) rows.delete(path)
      }
  }
  /** An undo sets out to make anew what its run deleted: somebody asked for that, and where it does not get through it stays owed. */
  opened(world: World, { kind, undoes, recordId, binding }: Intent): void {
    if (kind !== "create" || undoes === undefined) return
    if (this.deletesOf(world, undoes).some((one) => one.recordId === recordId && one.binding === binding))
      this.removed.delete(`${recordId} ${binding}`)
  }
  /** The run that wrote it, as the journal has it. */
  runOf(world: World, effect: Effect): string | null {
    if (world.lost.has(effect)) return null
    const { op } = effect
    return this.settledIn.get(op.ref) ?? world.knowledge.intents.get(op.ref)?.run ?? null
  }

  /** What is wrong with a write. */
  *write(world: World, effect: Effect, intent: Intent): Generator<string> {
    // begun by a store that was replaced: whether it might be was judged by what that one knew, and to the other it is an edit
    if (world.strays.has(effect.op.ref) && intent.undoes !== undefined) return
    if (intent.undoes !== undefined) {
      yield* this.takesBack(world, effect, intent, intent.undoes)
      return
    }
    const { row, op, kind } = effect
    const since = this.removed.get(`${intent.recordId} ${intent.binding}`)
    if (kind === "create" && since !== undefined && !addedSince(world, effect, intent.recordId, since))
      yield `${row.uid} is made anew for ${intent.recordId}, where an undo removed its item and nobody decided anything since`
    for (const [path, value] of Object.entries(kind === "delete" ? {} : op.set)) {
      const held = this.held.get(row)?.get(path)
      if (held === undefined || held.value !== plain(value) || editedSince(world, held.recordId, path, held.since)) continue
      // under another address, with no name that stays, it is somebody else: nobody can tell that anything is held there
      if (held.recordId !== intent.recordId && hasNoStableName(world, row)) continue
      yield `${path} of ${row.uid} is ${JSON.stringify(value)} again, which an undo took back, and nobody decided anything since`
    }
  }

  private *takesBack(world: World, effect: Effect, intent: Intent, undone: string): Generator<string> {
    const { row, op, kind, before, after } = effect
    const own = this.writesOf(world, undone)
    if (kind === "create") {
      const gone = this.deletesOf(world, undone).find((one) => one.recordId === intent.recordId && one.binding === intent.binding)
      if (gone === undefined) yield `${row.uid} is made by an undo of ${undone}, which deleted nothing of ${intent.recordId} there`
      else if (gone.linkId !== intent.linkId) yield `${row.uid} is made anew under ${intent.linkId}, and was ${gone.linkId}`
      return
    }
    if (kind === "delete") {
      const made = own.find((one) => one.effect.kind === "create" && one.effect.row === row)
      if (made === undefined) yield `${row.uid} is removed by an undo of ${undone}, which did not make it`
      else if (wasEdited(world, made.effect, effect.sentAt))
        yield `${row.uid} is removed by an undo of ${undone}, and somebody edited it since`
      if (!this.isDecided(intent)) this.removed.set(`${intent.recordId} ${intent.binding}`, this.beganAt)
      return
    }
    const system = world.system(row.uid.replace(/\d+$/, ""))
    for (const path of Object.keys(op.set)) {
      // what a system has no field for at present was not put back, and its account says so
      if (system.ignores(op, path)) continue
      const writes = own.filter(
        (one) => isOneItem(world, row, intent, one.effect) && one.effect.kind === "update" && path in one.effect.op.set,
      )
      const [first, last] = [writes[0]?.effect, writes.at(-1)?.effect]
      const [is, was] = [plain(after.item[path]), plain(before?.item[path])]
      if (first === undefined || last === undefined) {
        const guessed = this.guessedFor(world, undone, intent, path, before?.item[path])
        if (guessed === undefined || plain(guessed.seen?.[path]) !== is)
          yield `${path} of ${row.uid} is written by an undo of ${undone}, which did not write it`
        else this.hold(row, path, intent, was)
        continue
      }
      if (
        was !== is &&
        was !== plain(last.after.item[path]) &&
        // whose item it was that showed it, nobody can tell once two changed places
        !world.knowledge.blurred.has(row.person) &&
        isKnown(world, row, { path, value: before?.item[path] ?? null }, effect.sentAt)
      )
        yield `${path} of ${row.uid} was ${JSON.stringify(before?.item[path])} by now, and an undo of ${undone} writes over it`
      // what nobody had seen there before it was written over, the engine cannot bring back
      const known = [first.before?.item[path], world.knowledge.intents.get(first.op.ref)?.seen?.[path]]
      if (!known.some((value) => plain(value) === is))
        yield `${path} of ${row.uid} is ${JSON.stringify(after.item[path])} after an undo of ${undone}, and was ${JSON.stringify(first.before?.item[path])} before it`
      this.hold(row, path, intent, was)
    }
  }

  /** Written back; unless a person who was asked about it answered while the write was still on its way. */
  private hold(row: Row, path: string, intent: Intent, value: string): void {
    if (this.isDecided(intent) || (this.endedAt.get(intent.recordId) ?? -1) > intent.openedAt) return
    const held = this.held.get(row) ?? new Map<string, Held>()
    this.held.set(row, held.set(path, { recordId: intent.recordId, value, since: this.beganAt }))
  }
  private isDecided({ recordId, openedAt }: Intent): boolean {
    return [recordId, null].some((who) => (this.decidedAt.get(who) ?? -1) > openedAt)
  }

  /**
   * A write of the run that never arrived, and is taken to have: it had no answer, and a user typed exactly what it would
   * have brought. Nobody can tell, and the journal says that the run wrote it.
   */
  private guessedFor(world: World, undone: string, { linkId }: Intent, path: string, standing: Json | undefined): Intent | undefined {
    return [...world.knowledge.intents.values()].find(
      (one) =>
        one.linkId === linkId &&
        one.kind === "update" &&
        one.unanswered &&
        path in one.set &&
        plain(one.set[path]) === plain(standing) &&
        (this.settledIn.get(one.id) ?? null) === undone,
    )
  }

  /** A record lives again: whether a run deleted any of its items that is said to have been undone. */
  broughtBack(world: World, recordId: string, undone: string): boolean {
    return this.deletesOf(world, undone).some((intent) => intent.recordId === recordId)
  }

  /** What is wrong with the account of an undo that ended. */
  *judge(world: World, report: UndoReport): Generator<string> {
    const unfinished = new Set([...report.failed, ...report.open])
    const { run } = report
    // stopped before it began, with its reasons in the report
    if (report.guards.length > 0) return
    for (const { effect, intent } of this.writesOf(world, run)) {
      const { row, before, after, kind, op } = effect
      if (world.erasing.records.has(intent.recordId)) continue
      const own = report.actions.filter((action) => action.recordId === intent.recordId && action.binding === intent.binding)
      if (own.length === 0 && this.settledIn.has(op.ref)) {
        yield `the undo of ${run} says nothing of what was written to ${row.uid} for ${intent.recordId}`
        continue
      }
      if (kind !== "update" || before === null) continue
      for (const path of Object.keys(op.set)) {
        if (plain(before.item[path]) === plain(after.item[path])) continue
        const name = bindingOf(world, intent)?.fields.find((field) => field.writes.includes(path))?.name ?? null
        const action = own.find((one) => !("field" in one) || one.field === null || one.field === name)
        if (action === undefined && this.settledIn.has(op.ref)) yield `the undo of ${run} says nothing of ${path} in ${row.uid}`
        if (action === undefined || unfinished.has(action)) continue
        const wrong = this.misjudged(world, action, effect, intent, path)
        if (wrong !== null) yield `the undo of ${run}: ${path} of ${row.uid} ${wrong}`
      }
    }
  }

  private misjudged(world: World, action: UndoAction, effect: Effect, intent: Intent, path: string): string | null {
    const { row } = effect
    const run = this.runOf(world, effect)
    if (action.kind === "restore") {
      const restored = world.effects.some(
        (one) =>
          isOneItem(world, row, intent, one) &&
          path in one.op.set &&
          world.knowledge.intents.get(one.op.ref)?.undoes === run &&
          !world.system(row.uid.replace(/\d+$/, "")).ignores(one.op, path),
      )
      return restored ? null : "is said to be restored, and was not"
    }
    if (action.kind !== "ask") return null
    const asked = [...world.knowledge.reviews.values()].some(
      (review) => review.status === "open" && review.recordId === intent.recordId && review.field === action.field,
    )
    if (!asked) return "is to be asked about, and no question is open"
    // where nobody can tell it from another item, what that one says reads as an edit of this one
    if (hasNoStableName(world, row) && world.knowledge.blurred.has(row.person)) return null
    return wasTouched(world, effect, intent, path) ? null : `is asked about (${action.why}), and nobody touched it since`
  }

  /**
   * The deletes of a run. One that never arrived is taken to have, where it had no answer and nobody is there by now: whoever
   * removed the item, or gave it the address that it has now, was faster, and nobody can tell. The journal says that it was the
   * run.
   */
  private deletesOf(world: World, run: string): readonly Intent[] {
    const guessed = [...world.knowledge.intents.values()].filter(
      ({ id, kind, unanswered }) => kind === "delete" && unanswered && this.settledIn.get(id) === run,
    )
    return [...this.writesOf(world, run).flatMap(({ effect, intent }) => (effect.kind === "delete" ? [intent] : [])), ...guessed]
  }
  private writesOf(world: World, run: string): readonly { readonly effect: Effect; readonly intent: Intent }[] {
    return world.effects.flatMap((effect) => {
      const intent = world.knowledge.intents.get(effect.op.ref)
      return intent !== undefined && this.runOf(world, effect) === run ? [{ effect, intent }] : []
    })
  }
}

/** As it was mapped when that was written: the pipeline may have been edited since. */
const bindingOf = (world: World, { binding: key, openedAt }: Intent): Binding | undefined =>
  world
    .pipelineAt(openedAt)
    .entities.flatMap((entity) => entity.bindings)
    .find((binding) => binding.key === key)
