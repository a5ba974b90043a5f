// All that the server keeps, wired over one database.
import type { Clock } from "../clock.ts"
import { standardRules, type FieldRules } from "../contact/schema-rules.ts"
import { changeLog, type ChangeLog } from "./change-log.ts"
import { contactReader, type ContactReader } from "./contact-reader.ts"
import { contactWriter, type ContactWriter } from "./contact-writer.ts"
import { idSaltOf, openDatabase, readMeta, writeMeta, type Db } from "./database.ts"
import { idempotencyStore, type IdempotencyStore } from "./idempotency.ts"
import { requestLog, type RequestLog } from "./request-log.ts"

export interface Store {
  readonly db: Db
  readonly clock: Clock
  readonly contacts: ContactReader
  /** What a lagging replica answers; see `freeze`. */
  readonly stale: { readonly contacts: ContactReader; head(): number }
  readonly writer: ContactWriter
  readonly changes: ChangeLog
  readonly idempotency: IdempotencyStore
  readonly requests: RequestLog
  rules(): FieldRules
  setRules(rules: FieldRules): void
  /** From now on `stale` answers with the present state, whatever happens to the truth. */
  freeze(): void
  /** Forgets everything but the salt of ids; cursors handed out so far expire. */
  reset(): void
}

export const openStore = (file: string, clock: Clock, idSeed: string | undefined): Store => {
  const db = openDatabase(file)
  const changes = changeLog(db)
  const kept = readMeta(db, "rules")
  let rules: FieldRules = kept === undefined ? standardRules : JSON.parse(kept)
  const setRules = (next: FieldRules): void => {
    rules = next
    writeMeta(db, "rules", JSON.stringify(next))
  }
  const idempotency = idempotencyStore(db)
  const requests = requestLog(db)
  return {
    db,
    clock,
    contacts: contactReader(db, "current"),
    stale: { contacts: contactReader(db, "stale"), head: () => Number(readMeta(db, "stale_head") ?? 0) },
    writer: contactWriter(db, changes, idSaltOf(db, idSeed)),
    changes,
    idempotency,
    requests,
    rules: () => rules,
    setRules,
    freeze: () =>
      db.transaction(() => {
        db.exec("DELETE FROM stale_contacts; INSERT INTO stale_contacts SELECT * FROM contacts")
        db.exec("DELETE FROM stale_tombstones; INSERT INTO stale_tombstones SELECT * FROM tombstones")
        writeMeta(db, "stale_head", String(changes.head()))
      })(),
    reset: () =>
      db.transaction(() => {
        db.exec("DELETE FROM contacts; DELETE FROM tombstones; DELETE FROM stale_contacts; DELETE FROM stale_tombstones")
        changes.clear()
        idempotency.clear()
        requests.clear()
        setRules(standardRules)
      })(),
  }
}
