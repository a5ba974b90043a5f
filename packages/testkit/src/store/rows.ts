// Makers of rows for tests of the store: everything has a plain default, a test names only what it is about.
import type { Changes, Claim, Intent, JournalEntry, Link, Quarantined, RecordRow, Review, ScanState } from "@syncline/core/model"
import type { RunRow } from "@syncline/core/store"
import { NO_CHANGES } from "@syncline/core/model"

export const changes = (some: Partial<Changes>): Changes => ({ ...NO_CHANGES, ...some })

export const record = (id: string, some: Partial<RecordRow> = {}): RecordRow => ({
  id,
  entity: "person",
  fields: { email: `${id}@example.com`, name: "Jane" },
  stamps: { email: { system: "crm", at: 1000, certainty: "item" }, name: { system: "email", at: 2000, certainty: "observed" } },
  deleted: null,
  ...some,
})

export const link = (id: string, recordId: string, some: Partial<Link> = {}): Link => ({
  id,
  recordId,
  entity: "person",
  binding: "crm.contacts",
  state: "live",
  remoteId: `remote-${id}`,
  secondaryId: null,
  generation: 1,
  seen: { id: `remote-${id}`, name: { first: "Jane" }, tags: ["a"] },
  owed: {},
  owes: null,
  means: {},
  version: null,
  seenAt: 1000,
  dueAt: null,
  attempts: 0,
  rereadAt: null,
  doubtedAt: null,
  blocked: null,
  ...some,
})

export const claim = (value: string, recordId: string, some: Partial<Claim> = {}): Claim => ({
  entity: "person",
  key: "email",
  value,
  recordId,
  ...some,
})

export const intent = (id: string, linkId: string, recordId: string, some: Partial<Intent> = {}): Intent => ({
  id,
  linkId,
  recordId,
  entity: "person",
  binding: "crm.contacts",
  kind: "update",
  remoteId: `remote-${linkId}`,
  secondaryId: null,
  set: { name: "Joan" },
  seen: { name: "Jane" },
  version: "v1",
  sent: { name: "Joan" },
  keys: [],
  idempotencyKey: `key-${id}`,
  epoch: 1,
  run: "run-1",
  openedAt: 1000,
  settlesAt: 2000,
  tries: 0,
  unanswered: false,
  ...some,
})

export const review = (id: string, some: Partial<Review> = {}): Review => ({
  id,
  kind: "conflict",
  entity: "person",
  recordId: null,
  field: "phone",
  linkId: null,
  binding: null,
  remoteId: null,
  base: ["1"],
  sides: [{ system: "crm", linkId: null, value: "2", stamp: { system: "crm", at: 1, certainty: "item" } }],
  message: "Two systems changed one field.",
  item: null,
  candidates: [],
  hash: "h",
  openedAt: 1000,
  closedAt: null,
  status: "open",
  resolution: null,
  ...some,
})

export const quarantined = (id: string, some: Partial<Quarantined> = {}): Quarantined => ({
  id,
  entity: "person",
  binding: "crm.contacts",
  recordId: null,
  linkId: null,
  remoteId: null,
  field: null,
  direction: "in",
  reason: "The e-mail address has no domain.",
  item: { email: "jane" },
  version: null,
  since: 1000,
  ...some,
})

export const entry = (some: Partial<JournalEntry> = {}): JournalEntry => ({
  kind: "accepted",
  at: 1000,
  run: "run-1",
  entity: "person",
  recordId: null,
  binding: null,
  remoteId: null,
  changes: [],
  note: null,
  ...some,
})

export const scan = (binding: string, some: Partial<ScanState> = {}): ScanState => ({
  binding,
  entity: "person",
  cursor: null,
  scan: null,
  fingerprint: "f",
  lastFullAt: null,
  lastScanAt: null,
  total: null,
  ...some,
})

export const report = (some: Partial<NonNullable<RunRow["report"]>> = {}): NonNullable<RunRow["report"]> => ({
  run: "run-1",
  startedAt: 1,
  endedAt: 2,
  outcome: "done",
  systems: [],
  reviewsOpened: 0,
  reviewsClosed: 0,
  reviewsOpen: 0,
  reviewsOverdue: 0,
  overdueNow: 0,
  quarantinedNow: 0,
  quarantined: 0,
  heldFields: 0,
  guards: [],
  unreachable: [],
  warnings: ["The clock of crm is 5 s ahead."],
  ...some,
})
