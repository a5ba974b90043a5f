// A system in memory as its users and its API see it: rows with ids, versions and times, and a change log.
// Users act through `create`, `edit`, `remove`, `restore`; the connector beside it acts through `write`.
import type { Change, Fault, Json, JsonObject, Op, Outcome } from "@syncline/connector"
import { normalise } from "../../src/deliver/normalised.ts"
import { canonicalText } from "../../src/model/value.ts"
import type { Traits } from "./traits.ts"

export interface Row {
  readonly uid: string
  id: string
  item: Record<string, Json>
  seq: number
  at: number
  fieldAt: Record<string, number>
  deleted: boolean
}

export interface Written {
  readonly kind: Op["kind"]
  readonly id: string | null
  readonly set: JsonObject
}

export class FakeSystem {
  readonly name: string
  readonly traits: Traits
  readonly rows = new Map<string, Row>()
  /** Every write through the API that took effect, in order. */
  readonly written: Written[] = []
  /** Says why an item is refused: remote path -> message. */
  refuses: (item: JsonObject) => Record<string, string> | null = () => null
  /** What the system does to items without having declared it. */
  rewrites: (item: Record<string, Json>) => Record<string, Json> = (item) => item
  /** Whether its answer to a create says that the item was there before. */
  tellsMet = true
  private readonly now: () => number
  private readonly answered = new Map<string, { readonly body: string; readonly outcome: Outcome }>()
  private seq = 0
  private made = 0

  constructor(name: string, traits: Traits, now: () => number) {
    this.name = name
    this.traits = traits
    this.now = now
  }

  // as its users see it

  create(item: JsonObject, at: number = this.now()): string {
    const uid = `${this.name}${++this.made}`
    const row: Row = { uid, id: "", item: {}, seq: 0, at, fieldAt: {}, deleted: false }
    this.rows.set(uid, row)
    this.put(row, item, at)
    return uid
  }
  edit(uid: string, patch: JsonObject, at: number = this.now()): void {
    this.put(this.row(uid), patch, at)
  }
  remove(uid: string, at: number = this.now()): void {
    const row = this.row(uid)
    row.deleted = true
    this.touch(row, at)
  }
  restore(uid: string, patch: JsonObject = {}): void {
    const row = this.row(uid)
    row.deleted = false
    this.put(row, patch, this.now())
  }
  row(uid: string): Row {
    const row = this.rows.get(uid)
    if (row === undefined) throw new Error(`${this.name} has no ${uid}`)
    return row
  }
  item(uid: string): JsonObject {
    return this.row(uid).item
  }
  live(): readonly Row[] {
    return [...this.rows.values()].filter((row) => !row.deleted)
  }
  byEmail(email: string): Row | undefined {
    return this.live().find((row) => String(row.item["email"]).toLowerCase() === email.toLowerCase())
  }
  byId(id: string): Row | undefined {
    const rows = [...this.rows.values()].filter((row) => row.id === id)
    return rows.find((row) => !row.deleted) ?? rows.at(-1)
  }

  // as its API sees it

  get sequence(): number {
    return this.seq
  }

  changeOf(row: Row): Change {
    const facts = { ...this.times(row), ...(this.traits.secondary ? { secondary: row.uid } : {}) }
    if (row.deleted) return { kind: "delete", id: row.id, soft: this.traits.deletes === "flag", ...facts }
    return { kind: "upsert", id: row.id, item: { ...row.item, uid: row.uid }, ...facts }
  }

  /** Carries out one operation, once per idempotency key where the system knows keys. */
  write(op: Op): Outcome {
    if (this.traits.idempotent !== "header") return this.apply(op)
    const body = canonicalText([op.kind, op.id, op.set])
    const before = this.answered.get(op.idempotencyKey)
    if (before !== undefined) {
      if (before.body !== body) throw new Error(`${this.name}: one idempotency key, two bodies: ${before.body} / ${body}`)
      return { ...before.outcome, ref: op.ref }
    }
    const outcome = this.apply(op)
    if (outcome.status === "applied") this.answered.set(op.idempotencyKey, { body, outcome })
    return outcome
  }

  private apply(op: Op): Outcome {
    const fail = (fault: Fault): Outcome => ({ ref: op.ref, status: "failed", fault })
    const target = op.kind === "create" ? undefined : (this.bySecondary(op) ?? (op.id === null ? undefined : this.byId(op.id)))
    if (op.kind !== "create" && target === undefined) return fail({ class: "notFound", message: "no such item" })
    if (target?.deleted === true) return fail({ class: this.traits.deletes === "absence" ? "notFound" : "gone", message: "it is deleted" })
    if (target !== undefined && this.traits.guard === "ifMatch" && op.version !== undefined && op.version !== this.versionOf(target))
      return fail({ class: "conflict", message: `version is ${this.versionOf(target)}, not ${op.version}` })
    if (op.kind === "delete" && target !== undefined) {
      this.written.push({ kind: "delete", id: target.id, set: {} })
      target.deleted = true
      this.touch(target, this.now())
      return { ref: op.ref, status: "applied", id: target.id }
    }
    const fields = this.refuses({ ...target?.item, ...op.set })
    if (fields !== null) return fail({ class: "invalid", message: "refused", fields })
    const email = op.set["email"]
    const other = this.traits.unique && typeof email === "string" ? this.byEmail(email) : undefined
    if (other !== undefined && other !== target) {
      if (op.kind === "create" && this.traits.idempotent === "naturalKey") return this.applied(op, other)
      return fail({ class: "duplicate", message: "the address is taken", existingId: other.id })
    }
    return this.applied(op, target)
  }

  private applied(op: Op, target: Row | undefined): Outcome {
    this.written.push({ kind: op.kind, id: target?.id ?? null, set: op.set })
    const row = target ?? this.row(this.create({}))
    this.put(row, this.rewrites(op.set as Record<string, Json>), this.now())
    const item = this.traits.returnsItem ? { item: { ...row.item, uid: row.uid } } : {}
    const { at, version, fieldTimes } = this.times(row)
    return {
      ref: op.ref,
      status: "applied",
      id: row.id,
      ...(this.traits.secondary ? { secondary: row.uid } : {}),
      ...item,
      ...(at === undefined ? {} : { at }),
      ...(version === undefined ? {} : { version }),
      ...(fieldTimes === undefined ? {} : { fieldTimes }),
      ...(op.kind === "create" && this.tellsMet ? { met: target !== undefined } : {}),
    }
  }

  private bySecondary(op: Op): Row | undefined {
    return op.secondary === undefined ? undefined : this.rows.get(op.secondary)
  }

  private put(row: Row, patch: JsonObject, at: number): void {
    for (const [path, value] of Object.entries(patch)) {
      const steps = this.traits.normalises[path] ?? []
      row.item[path] = steps.reduce((v, step) => normalise(v, step), value)
      row.fieldAt[path] = at
    }
    row.item = { ...row.item }
    row.id = this.traits.id === "stable" ? row.uid : `h-${String(row.item["email"] ?? row.uid).toLowerCase()}`
    this.touch(row, at)
  }
  private touch(row: Row, at: number): void {
    row.at = at
    row.seq = ++this.seq
  }
  private times(row: Row): { at?: string; version?: string; fieldTimes?: Record<string, string> } {
    const coarse = this.traits.version === "timestamp" ? Math.floor(row.at / 1000) * 1000 : row.at
    const version = this.versionOf(row)
    return {
      at: new Date(coarse).toISOString(),
      ...(version === undefined ? {} : { version }),
      ...(this.traits.perField
        ? { fieldTimes: Object.fromEntries(Object.entries(row.fieldAt).map(([path, time]) => [path, new Date(time).toISOString()])) }
        : {}),
    }
  }
  private versionOf(row: Row): string | undefined {
    switch (this.traits.version) {
      case "revision":
        return String(row.seq)
      case "etag":
        return `"${row.seq.toString(36)}"`
      case "timestamp":
        return new Date(Math.floor(row.at / 1000) * 1000).toISOString()
      case "none":
        return undefined
    }
  }
}
