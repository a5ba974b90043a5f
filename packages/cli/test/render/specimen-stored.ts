// Hand-made reviews, quarantined items, journal and status, as a store gives them.
import type { Explanation, JournalRow, Quarantined, Review } from "@syncline/core"
import type { Status } from "../../src/render/status.ts"
import { crm, email, MINUTE, NOW, update } from "./specimen-edit.ts"

export const review: Review = {
  id: "rev_3f8kq2m1x0a7w5tz",
  kind: "conflict",
  entity: "person",
  recordId: "rec_9",
  field: "phone",
  linkId: null,
  binding: null,
  remoteId: null,
  base: ["+14155550100"],
  sides: [
    { system: "crm", linkId: null, value: "+14155550123", stamp: crm(5 * MINUTE) },
    { system: "email", linkId: "lnk_2", value: "+1 650 555 0177", stamp: email(4 * MINUTE) },
  ],
  message: "crm and email both changed phone, and the pipeline asks a person.",
  item: null,
  candidates: [],
  hash: "h1",
  openedAt: NOW - 3 * MINUTE,
  closedAt: null,
  status: "open",
  resolution: null,
}

export const ambiguous: Review = {
  ...review,
  id: "rev_amb000000000000",
  kind: "ambiguous",
  recordId: null,
  field: null,
  binding: "email.members",
  remoteId: "9b1f",
  base: [],
  sides: [],
  message: "Two records have the address info@example.com.",
  item: { email_address: "info@example.com", merge_fields: { FNAME: "محمد" }, tags: [] },
  candidates: ["rec_1", "rec_2"],
}

export const deleted: Review = {
  ...review,
  id: "rev_del000000000000",
  kind: "delete_vs_edit",
  field: null,
  base: [],
  sides: [{ system: "email", linkId: "lnk_1", value: null, stamp: { system: "email", at: NOW - 3 * MINUTE, certainty: "item" } }],
  message: "email.members deleted the item (a tombstone) without having seen a change of phone",
}

export const quarantined: Quarantined = {
  id: "q_9d2k4",
  entity: "person",
  binding: "crm.contacts",
  recordId: null,
  linkId: null,
  remoteId: "con_bad",
  field: "email",
  direction: "in",
  reason: 'email "not an address" is no e-mail address',
  item: { id: "con_bad", email: "not an address", first_name: "Zo\u202Eë", labels: ["a", "b"] },
  version: "17",
  since: NOW - 26 * 60 * MINUTE,
}

export const status: Status = {
  pipeline: "crm-email",
  store: ".syncline/crm-email.db",
  lastRun: { id: "run_5k2m9", startedAt: NOW - 2 * MINUTE, endedAt: NOW - MINUTE, outcome: "attention" },
  systems: [
    { system: "crm", title: "mock-crm", calls: 14, breaker: "closed", pausedUntil: null, budget: { used: 14, max: 150, perMs: 1000 } },
    { system: "email", title: "mock-email", calls: 3, breaker: "open", pausedUntil: NOW + 30_000, budget: null },
  ],
  bindings: [
    {
      system: "crm",
      binding: "crm.contacts",
      entity: "person",
      links: { live: 1204, parked: 0, kept: 0, gone: 3 },
      owed: 0,
      waiting: 0,
      inReview: 1,
      quarantined: 2,
      lagMs: MINUTE,
      nextDueAt: null,
      held: [],
    },
    {
      system: "email",
      binding: "email.members",
      entity: "person",
      links: { live: 498, parked: 4, kept: 1, gone: 0 },
      owed: 12,
      waiting: 3,
      inReview: 0,
      quarantined: 0,
      lagMs: null,
      nextDueAt: NOW + 30_000,
      held: [],
    },
  ],
  pendingDecisions: 1,
  oldestReviewAt: NOW - 9 * 24 * 60 * MINUTE,
  overdue: 1,
  restored: null,
}

export const journal: readonly JournalRow[] = [
  {
    seq: 1,
    kind: "record_new",
    at: NOW - 9 * MINUTE,
    run: "run_1",
    entity: "person",
    recordId: "rec_9",
    binding: "crm.contacts",
    remoteId: "con_k7",
    changes: [],
    note: null,
  },
  {
    seq: 2,
    kind: "conflict",
    at: NOW - 8 * MINUTE,
    run: "run_1",
    entity: "person",
    recordId: "rec_9",
    binding: "email.members",
    remoteId: "9b1f",
    changes: update.changes.slice(1, 2),
    note: "newest",
  },
  {
    seq: 3,
    kind: "refused",
    at: NOW - 7 * MINUTE,
    run: "run_1",
    entity: "person",
    recordId: "rec_9",
    binding: "email.members",
    remoteId: null,
    changes: [],
    note: "the platform says: looks fake or invalid",
  },
]

export const explanation: Explanation = {
  recordId: "rec_9",
  entity: "person",
  label: "jane@example.com",
  deleted: null,
  links: [
    { binding: "crm.contacts", remoteId: "con_k7mn5n4yks", state: "live", owed: ["phone"], dueAt: NOW + 5000, blocked: null },
    { binding: "email.members", remoteId: "9b1fe3", state: "live", owed: [], dueAt: null, blocked: null },
  ],
  fields: [
    {
      field: "email",
      value: "jane@example.com",
      stamp: crm(9 * MINUTE),
      systems: [
        { system: "crm", binding: "crm.contacts", value: "jane@example.com", direction: "both", state: "agrees" },
        { system: "email", binding: "email.members", value: "jane@example.com", direction: "both", state: "agrees" },
      ],
      history: journal.slice(0, 1),
    },
    {
      field: "familyName",
      value: "Okonkwo-Bélanger",
      stamp: email(3 * MINUTE),
      systems: [
        { system: "crm", binding: "crm.contacts", value: "Okonkwo Belanger", direction: "both", state: "owed" },
        { system: "email", binding: "email.members", value: "Okonkwo-Bélanger", direction: "both", state: "agrees" },
      ],
      history: journal.slice(1, 2),
    },
    {
      field: "company",
      value: "株式会社エグザンプル",
      stamp: crm(9 * MINUTE),
      systems: [
        { system: "crm", binding: "crm.contacts", value: "株式会社エグザンプル", direction: "in", state: "agrees" },
        { system: "email", binding: "email.members", value: null, direction: "out", state: "not linked" },
      ],
      history: [],
    },
    {
      field: "phone",
      value: "+14155550123",
      stamp: null,
      systems: [
        { system: "crm", binding: "crm.contacts", value: "+14155550123", direction: "both", state: "held" },
        { system: "email", binding: "email.members", value: "+16505550177", direction: "both", state: "differs" },
      ],
      history: [],
    },
  ],
  reviews: [review],
  quarantine: [],
}
