// Match keys of people who were forgotten: a keyed hash of each, and the key that hashes are made with, one a store.
export const forgotten = `
CREATE TABLE forgotten (id TEXT PRIMARY KEY, entity TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE hash_key (one INTEGER PRIMARY KEY CHECK (one = 1), key BLOB NOT NULL) STRICT;
`
