// What every part of the SQLite store works on: the connection, its dictionaries, and how columns of a link are read.
import { openObjects } from "./objects.ts"
import type { Objects } from "./objects.ts"
import type { Sqlite } from "./sqlite.ts"
import { openWords } from "./words.ts"
import type { Words } from "./words.ts"

export interface Base {
  readonly db: Sqlite
  readonly words: Words
  readonly objects: Objects
}

export const openBase = (db: Sqlite): Base => ({ db, words: openWords(db, "word"), objects: openObjects(db) })

/** Reads a link `l` whole: its record's id is kept with the record. */
export const LINK = "l.*, (SELECT id FROM record WHERE no = l.record) AS record_id"

/** For `json_each(?)`: one bound text, however many values. */
export const list = (values: Iterable<string | number>): string => JSON.stringify([...values])
