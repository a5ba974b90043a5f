// A simulated system: rows as its users and its API see them, and a hidden full history that only the oracle reads.
import type { Change, Fault, Json, JsonObject, Op, Outcome } from "@syncline/connector"
import { canonicalText } from "@syncline/core"
import { type Author, type Hooks, presentOf, type Row, type Version } from "./row.ts"
import type { Shape } from "./shape.ts"
import { type Drift, refusedUnder, shownUnder, takenUnder } from "./drift.ts"
import { factsOf, versionOf } from "./facts.ts"
import { Hidden } from "./hidden.ts"
import { Dates } from "./dates.ts"
import { addressId, heirOf, idFor } from "./naming.ts"
import { addressOf, moved, rewrite, truncated, withoutBlanks } from "./words.ts"

export { presentOf } from "./row.ts"
export type { Author, Effect, Hooks, Row, Version } from "./row.ts"

export class SimSystem {
  readonly name: string
  readonly shape: Shape
  readonly rows: Row[] = []
  /** Values of a field that the system refuses. */
  refuses: (item: JsonObject) => Record<string, string> | null = () => null
  /** Path -> how it differs at present from what it was. */
  readonly drifts = new Map<string, Drift>()
  /** What a write was to set that was refused for its own sake, in the state that the system was in then. */
  private readonly refused = new Set<string>()
  /** Operation -> fields that were left out of it because they had drifted. */
  private readonly leftOut = new Map<string, readonly string[]>()
  /** Whether it says of an item that it went into another: in its feed, and when asked for it; when asked only; never. */
  merging: "reported" | "answered" | "silent" = "silent"
  /** What the last full scan could not show. */
  readonly hidden = new Hidden()
  private readonly now: () => number
  private readonly hooks: Hooks
  readonly dates = new Dates()
  private readonly answers = new Map<string, { readonly body: string; readonly outcome: Outcome; readonly at: number }>()
  private seq = 0
  /** The change log starts after this. */
  logStart = 0

  constructor(name: string, shape: Shape, now: () => number, hooks: Hooks) {
    this.name = name
    this.shape = shape
    this.now = now
    this.hooks = hooks
  }

  clock(): number {
    return this.now() + this.offsetMs
  }
  /** Of its clock against ours. */
  get offsetMs(): number {
    return this.shape.skewMs - this.dates.setBackMs
  }
  setBack(ms: number): void {
    this.dates.setBack(ms, this.clock())
  }
  get lastSeq(): number {
    return this.seq
  }
  live(): readonly Row[] {
    return this.rows.filter((row) => presentOf(row).state === "live")
  }
  byEmail(email: string): Row | undefined {
    return this.live().find((row) => addressOf(presentOf(row).item) === email.trim().toLowerCase())
  }
  byId(id: string): Row | undefined {
    const own = this.rows.filter((row) => presentOf(row).id === id)
    return own.find((row) => presentOf(row).state === "live") ?? own.at(-1)
  }
  byUid(uid: string): Row | undefined {
    return this.rows.find((row) => row.uid === uid)
  }

  // what its users do; null where the system refuses

  make(person: number, item: JsonObject): Row | null {
    const email = item["email"]
    if (this.shape.unique && typeof email === "string" && this.byEmail(email) !== undefined) return null
    if (this.shape.id === "address" && typeof email !== "string") return null
    return this.add(person, item, { by: "user" })
  }
  edit(row: Row, patch: JsonObject): boolean {
    const email = patch["email"]
    const holder = this.shape.unique && typeof email === "string" ? this.byEmail(email) : undefined
    if (holder !== undefined && holder !== row) return false
    if (this.shape.id === "address" && "email" in patch && typeof email !== "string") return false
    this.put(row, patch, "live", { by: "user" })
    return true
  }
  remove(row: Row): void {
    this.put(row, {}, this.shape.deletes === "flag" ? "archived" : "gone", { by: "user" })
  }
  restore(row: Row): boolean {
    const email = presentOf(row).item["email"]
    if (this.shape.unique && typeof email === "string" && this.byEmail(email) !== undefined) return false
    this.put(row, {}, "live", { by: "user" })
    return true
  }

  /** One item takes in another: what it lacks it has from that one, as is told. */
  merge(row: Row, other: Row): JsonObject {
    const [own, theirs] = [presentOf(row).item, presentOf(other).item]
    const fills = Object.fromEntries(Object.entries(theirs).filter(([path, value]) => value !== null && (own[path] ?? null) === null))
    this.put(other, {}, "gone", { by: "user" }, row)
    this.put(row, fills, "live", { by: "user" })
    return fills
  }

  // what its API does

  write(op: Op, sentAt: number, late: boolean): Outcome {
    const header = op.kind === "create" && this.shape.idempotent === "header"
    if (!header) return this.apply(op, sentAt, late)
    const body = canonicalText([op.kind, op.id, op.set])
    const before = this.answers.get(op.idempotencyKey)
    if (before !== undefined && this.now() - before.at < this.shape.keyTtlMs) {
      if (before.body !== body) this.hooks.onMisuse(`one idempotency key, two bodies: ${before.body} and ${body}`)
      return { ...before.outcome, ref: op.ref }
    }
    const outcome = this.apply(op, sentAt, late)
    if (outcome.status === "applied") this.answers.set(op.idempotencyKey, { body, outcome, at: this.now() })
    return outcome
  }

  targetOf(op: Op): Row | undefined {
    if (op.kind === "create") return undefined
    if (this.shape.secondary && op.secondary !== undefined) return this.byUid(op.secondary)
    return op.id === null ? undefined : this.byId(op.id)
  }

  /** Why an operation is refused; null where it may go on. `late`: what compares before it writes did so long ago. */
  refusal(op: Op, late: boolean): Fault | null {
    const target = this.targetOf(op)
    if (op.kind !== "create" && target === undefined) return { class: "notFound", message: "no such item" }
    const present = target === undefined ? null : presentOf(target)
    if (present !== null && present.state !== "live")
      return { class: this.shape.saysGone ? "gone" : "notFound", message: "it is not there any more" }
    if (present !== null && this.shape.guard === "ifMatch" && op.version !== undefined && op.version !== versionOf(this, present))
      return { class: "conflict", message: "the version moved" }
    if (
      present !== null &&
      this.shape.guard === "readCompare" &&
      !late &&
      op.seen !== null &&
      moved(op.seen, op.set, shownUnder(this.drifts.values(), this.shows(present.item)))
    )
      return { class: "conflict", message: "the item has changed since it was read" }
    if (op.kind === "delete") return null
    const fields = this.refuses(op.set) ?? refusedUnder(this.drifts.values(), op.set)
    if (fields !== null) {
      this.refused.add(canonicalText(op.set))
      return { class: "invalid", message: "refused", fields }
    }
    const email = op.set["email"]
    if (this.shape.id === "address" && ("email" in op.set || op.kind === "create") && typeof email !== "string")
      return { class: "invalid", message: "an address is needed", fields: { email: "an address is needed" } }
    const other = this.shape.unique && typeof email === "string" ? this.byEmail(email) : undefined
    if (other === undefined || other === target) return null
    return { class: "duplicate", message: "the address is taken", existingId: presentOf(other).id }
  }

  /** Whether a write of this was ever refused, and not for another's sake. */
  hasRefused(set: JsonObject): boolean {
    return this.refused.has(canonicalText(set))
  }

  /** Whether its API has no such field now, or has it under another name. */
  hides(field: string): boolean {
    return (this.drifts.get(field)?.how ?? "retyped") !== "retyped"
  }

  /** Whether it took a write without this field of it. */
  ignores(op: Op, field: string): boolean {
    return this.leftOut.get(op.ref)?.includes(field) === true
  }

  private apply(op: Op, sentAt: number, late: boolean): Outcome {
    const fault = this.refusal(op, late)
    if (fault !== null) return { ref: op.ref, status: "failed", fault }
    const target = this.targetOf(op)
    const author: Author = { by: "engine", op, sentAt }
    const before = target === undefined ? null : presentOf(target)
    let row: Row
    const set = takenUnder(this.drifts, op.set)
    this.leftOut.set(
      op.ref,
      Object.keys(op.set).filter((field) => !(field in set)),
    )
    if (target === undefined) row = this.add(this.hooks.personOf(op), set, author)
    else {
      row = target
      this.put(row, set, op.kind === "delete" ? (this.shape.deletes === "flag" ? "archived" : "gone") : "live", author)
    }
    const after = presentOf(row)
    this.hooks.onEffect({ kind: op.kind, row, op, before, after, sentAt, at: this.now() })
    const { version, at, fieldTimes } = factsOf(this, after)
    return {
      ref: op.ref,
      status: "applied",
      id: after.id,
      ...(this.shape.secondary ? { secondary: row.uid } : {}),
      ...(version === undefined ? {} : { version }),
      ...(at === undefined ? {} : { at }),
      ...(fieldTimes === undefined ? {} : { fieldTimes }),
      ...(this.shape.returnsItem && op.kind !== "delete" ? { item: this.itemOf(row, after) } : {}),
    }
  }

  // what its API shows

  changeOf(row: Row, version: Version): Change {
    const { id } = version
    const facts = { ...factsOf(this, version), ...(this.shape.secondary ? { secondary: row.uid } : {}) }
    const heir = heirOf(version)
    if (heir !== null && this.merging === "reported") return { kind: "merge", id, into: presentOf(heir).id, ...facts }
    if (version.state !== "live") return { kind: "delete", id, soft: version.state === "archived", ...facts }
    return { kind: "upsert", id, item: this.itemOf(row, version), ...facts }
  }
  /** The state of a row at an earlier time; undefined where it did not exist yet. */
  asOf(row: Row, time: number): Version | undefined {
    for (let i = row.versions.length - 1; i >= 0; i--) {
      const version = row.versions[i] as Version
      if (version.since <= time) return version
    }
    return undefined
  }
  /** What its API has of an item. */
  shows(item: JsonObject): JsonObject {
    return this.shape.leavesOut === true ? withoutBlanks(item) : item
  }
  time(at: number): number {
    return truncated(at, this.shape.resolutionMs)
  }

  private itemOf(row: Row, version: Version): JsonObject {
    return { ...shownUnder(this.drifts.values(), this.shows(version.item)), uid: row.uid }
  }
  private endedUnder(id: string): Row | undefined {
    return this.shape.id === "opaque"
      ? undefined
      : this.rows.find((row) => row.versions.at(-1)?.id === id && presentOf(row).state !== "live")
  }
  private add(person: number, item: JsonObject, author: Author): Row {
    const archived = this.shape.id === "address" ? this.endedUnder(addressId("", item)) : undefined
    if (archived !== undefined && presentOf(archived).state === "archived") {
      // one item for one address: adding an archived one brings it back
      this.put(archived, item, "live", author)
      return archived
    }
    const row: Row = { uid: `${this.name}${this.rows.length + 1}`, person, versions: [], madeBy: author }
    this.rows.push(row)
    this.put(row, item, "live", author)
    return row
  }
  private put(row: Row, patch: JsonObject, state: Version["state"], author: Author, into?: Row): void {
    const before = row.versions.at(-1)
    const item: Record<string, Json> = { ...before?.item }
    const dated = this.dates.of(author, this.clock())
    const fieldAt: Record<string, number> = { ...before?.fieldAt }
    const defaults = before === undefined ? this.shape.defaults : undefined
    for (const [path, value] of Object.entries({ ...defaults, ...patch })) {
      item[path] = rewrite(value, [...(this.shape.normalises[path] ?? []), ...(this.shape.rewrites?.[path] ?? [])])
      fieldAt[path] = dated
    }
    const id = idFor(this, row, item)
    const ended = state === "live" ? this.endedUnder(id) : undefined
    if (ended !== undefined && ended !== row && presentOf(ended).state === "archived") {
      // its address is another's now, and there is one item for one address
      const { author: ender, ...end } = presentOf(ended)
      ended.versions.push({
        ...end,
        since: this.now(),
        seq: ++this.seq,
        at: this.clock(),
        id: `${id}!${ended.uid}`,
        state: "gone",
        author: ender,
      })
    }
    row.versions.push({
      since: this.now(),
      seq: ++this.seq,
      at: this.clock(),
      ...(dated === this.clock() ? {} : { dated }),
      id,
      item,
      fieldAt,
      state,
      author,
      ...(into === undefined ? {} : { into }),
    })
  }
}
