// What the same work costs without an engine: raw pages, raw rows, raw batches. Nothing is compared, mapped or remembered.
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { isObject, type JsonObject } from "@syncline/connector"
import type { World } from "../test/e2e/world.ts"

export interface Write {
  readonly system: "crm" | "email"
  readonly kind: "create" | "update"
  readonly address: string
  readonly set: JsonObject
}

export interface Position {
  readonly seq: number
  readonly at: string
}

const PAGE = 500
const CRM_BATCH = 100
const EMAIL_BATCH = 500
/** A linked pair takes at most 1 KB: a record, two links, a key and the account of each write. */
const BYTES_PER_ROW = 250
const ROWS_PER_ITEM = 2

/** Both systems whole, side by side, page by page. */
export async function fetchPages({ crm, email }: World): Promise<void> {
  const contacts = async (): Promise<void> => {
    for (let token = ""; ;) {
      const page = await crm.call("GET", `/contacts?limit=${PAGE}${token}`)
      const next = isObject(page) ? page["next_page_token"] : null
      if (typeof next !== "string") return
      token = `&page_token=${encodeURIComponent(next)}`
    }
  }
  const members = async (): Promise<void> => {
    for (let offset = 0; ; offset += PAGE) {
      const page = await email.call("GET", `/lists/newsletter/members?count=${PAGE}&offset=${offset}&sort=created`)
      const list = isObject(page) ? page["members"] : null
      if (!Array.isArray(list) || list.length < PAGE) return
    }
  }
  await Promise.all([contacts(), members()])
}

/** Where both systems are now, for a later look at what changed. */
export async function stateOf({ crm }: World): Promise<Position> {
  const head = await crm.call("GET", "/changes/head")
  return { seq: isObject(head) ? Number(head["seq"]) : 0, at: new Date().toISOString() }
}

export async function fetchChanges({ crm, email }: World, { seq, at }: Position): Promise<void> {
  const contacts = async (): Promise<void> => {
    for (let since = seq; ;) {
      const page = await crm.call("GET", `/changes?since=${since}&limit=${PAGE}`)
      if (!isObject(page) || page["has_more"] !== true) return
      since = Number(page["next_since"])
    }
  }
  const members = async (): Promise<void> => {
    for (let offset = 0; ; offset += PAGE) {
      const page = await email.call(
        "GET",
        `/lists/newsletter/members?count=${PAGE}&offset=${offset}&since_last_changed=${encodeURIComponent(at)}`,
      )
      const list = isObject(page) ? page["members"] : null
      if (!Array.isArray(list) || list.length < PAGE) return
    }
  }
  await Promise.all([contacts(), members()])
}

/** As many rows as the items and writes leave in a store, each page one durable transaction. */
export function writeRows(folder: string, items: number, writes: number): void {
  const db = new DatabaseSync(join(folder, `floor-${items}-${writes}.db`))
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE row (no INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
  const insert = db.prepare("INSERT INTO row (body) VALUES (?)")
  const body = "x".repeat(BYTES_PER_ROW)
  const rows = (items + writes) * ROWS_PER_ITEM
  for (let done = 0; done < rows; done += PAGE * ROWS_PER_ITEM) {
    db.exec("BEGIN IMMEDIATE")
    for (let n = done; n < Math.min(rows, done + PAGE * ROWS_PER_ITEM); n++) insert.run(body)
    db.exec("COMMIT")
  }
  db.close()
}

/** Contacts of the mirror by address: ids differ from server to server. */
export const idsOf = async ({ crm }: World): Promise<ReadonlyMap<string, string>> =>
  new Map((await crm.items()).map((item) => [String(item["email"]).toLowerCase(), String(item["id"])]))

/** The same writes in batches of the same size, both systems side by side, one batch at a time each. */
export async function pushRaw({ crm, email }: World, writes: readonly Write[], ids: ReadonlyMap<string, string>): Promise<void> {
  const operations = writes
    .filter(({ system }) => system === "crm")
    .map(({ kind, address, set }, n) =>
      kind === "create"
        ? { ref: String(n), op: "create", data: set }
        : { ref: String(n), op: "update", id: ids.get(address) ?? "", data: set },
    )
  const members = writes
    .filter(({ system }) => system === "email")
    .map(({ kind, address, set }): JsonObject => (kind === "create" ? set : { match: address, ...set }))
  const pushCrm = async (): Promise<void> => {
    for (let at = 0; at < operations.length; at += CRM_BATCH)
      await crm.call("POST", "/contacts/batch", { operations: operations.slice(at, at + CRM_BATCH) })
  }
  const pushEmail = async (): Promise<void> => {
    for (let at = 0; at < members.length; at += EMAIL_BATCH)
      await email.call("POST", "/lists/newsletter/batch", { update_existing: true, members: members.slice(at, at + EMAIL_BATCH) })
  }
  await Promise.all([pushCrm(), pushEmail()])
}
