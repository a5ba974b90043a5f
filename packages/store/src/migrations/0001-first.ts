// The first layout. Rows hold small numbers where names repeat (`word`), lists of values where objects repeat their
// keys (`shape`), and nothing where there is nothing: a linked pair must fit in 1 KB. Each index serves a named read.
export const first = `
-- lease: who may write; every commit names the epoch
CREATE TABLE lease (
  one INTEGER PRIMARY KEY CHECK (one = 1), owner TEXT, epoch INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT;
INSERT INTO lease VALUES (1, NULL, 0, 0);

-- word: texts that many rows repeat (entity, entity and binding, entity and key, run, journal kind); shape: keys of objects
CREATE TABLE word (no INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE shape (no INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE record (
  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, entity INTEGER NOT NULL,
  shape INTEGER, fields TEXT NOT NULL, stamps TEXT NOT NULL, deleted TEXT
) STRICT;

-- place: entity and binding. state: 0 live, 1 parked, 2 kept, 3 gone. owes: 1 delete, 2 archive
CREATE TABLE link (
  no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, record INTEGER NOT NULL REFERENCES record (no), place INTEGER NOT NULL,
  state INTEGER NOT NULL, generation INTEGER NOT NULL, attempts INTEGER NOT NULL, owes INTEGER,
  seen_at INTEGER, due_at INTEGER, reread_at INTEGER, shape INTEGER,
  remote_id TEXT, secondary_id TEXT, version TEXT, seen TEXT, owed TEXT, means TEXT, blocked TEXT
) STRICT;
CREATE INDEX link_record ON link (record);
CREATE UNIQUE INDEX link_remote ON link (place, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX link_secondary ON link (place, secondary_id) WHERE secondary_id IS NOT NULL;
-- nearly all links are live and have an item: to count all, count link_remote and correct it by the few that are not so
CREATE INDEX link_odd ON link (place, state, remote_id IS NOT NULL) WHERE state <> 0 OR remote_id IS NULL;
CREATE INDEX link_due ON link (place, owes IS 1, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX link_reread ON link (place, reread_at, id) WHERE reread_at IS NOT NULL;
-- holds all that counting what is owed asks for, its own condition included, so that no link is read
CREATE INDEX link_owed ON link (place, due_at, owes, remote_id IS NOT NULL, attempts, owed IS NOT NULL)
  WHERE owed IS NOT NULL OR owes IS NOT NULL;

-- claim: the hash of key and value stands in for them wherever they would be repeated
CREATE TABLE claim (
  record INTEGER NOT NULL REFERENCES record (no), hash INTEGER NOT NULL, key INTEGER NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (record, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_hash ON claim (hash);

CREATE TABLE intent (id TEXT PRIMARY KEY, link TEXT NOT NULL, opened_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX intent_link ON intent (link);

CREATE TABLE review (
  id TEXT PRIMARY KEY, entity TEXT NOT NULL, kind TEXT NOT NULL, field TEXT, record TEXT, binding TEXT, remote_id TEXT,
  open INTEGER NOT NULL, opened_at INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX review_order ON review (open, opened_at, id);
CREATE INDEX review_record ON review (record) WHERE open = 1;
CREATE INDEX review_remote ON review (binding, remote_id) WHERE open = 1;

CREATE TABLE quarantine (
  id TEXT PRIMARY KEY, entity TEXT NOT NULL, binding TEXT NOT NULL, link TEXT, remote_id TEXT, since INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX quarantine_link ON quarantine (link) WHERE link IS NOT NULL;
CREATE INDEX quarantine_remote ON quarantine (binding, remote_id);

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind INTEGER NOT NULL, run INTEGER NOT NULL, entity INTEGER, binding INTEGER,
  record TEXT, remote_id TEXT, changes TEXT, note TEXT
) STRICT;
CREATE INDEX journal_record ON journal (record) WHERE record IS NOT NULL;
CREATE INDEX journal_run ON journal (run);

CREATE TABLE scan (place INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE decision (id TEXT PRIMARY KEY, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE system (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE run (id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX run_order ON run (started_at, id);
`
