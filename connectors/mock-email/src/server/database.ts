// The platform's own SQLite file: members, and the little that has to survive a restart.
import Database from "better-sqlite3"

export type Db = Database.Database

const ddl = `
create table if not exists members (
  seq integer primary key,
  list text not null,
  id text not null,
  contact_id text not null,
  address text not null,
  status text not null,
  merge_fields text not null,
  tags text not null,
  last_changed integer not null
) strict;
create unique index if not exists members_by_id on members (list, id);
create unique index if not exists members_by_contact on members (list, contact_id);
create index if not exists members_by_change on members (list, last_changed, id, status);
create index if not exists members_by_joining on members (list, seq);
create table if not exists settings (name text primary key, value text not null) strict, without rowid;
`

export const openDatabase = (file: string): Db => {
  const db = new Database(file)
  db.pragma("journal_mode = WAL")
  db.pragma("synchronous = NORMAL")
  db.exec(ddl)
  return db
}
