// Hand-made values as the engine gives them: ordinary ones, wide scripts, hostile texts.
import type { Plan, PlannedWrite, RunReport, SystemReport } from "@syncline/core"
import { crm, MINUTE, NOW, update } from "./specimen-edit.ts"
import { quarantined, review } from "./specimen-stored.ts"

export const system = (name: string, counts: Partial<SystemReport> = {}): SystemReport => ({
  system: name,
  read: 0,
  changed: 0,
  created: 0,
  updated: 0,
  deleted: 0,
  postponed: 0,
  refused: 0,
  calls: 0,
  ...counts,
})

const create = (label: string, n: number): PlannedWrite => ({
  system: "email",
  binding: "email.members",
  entity: "person",
  kind: "create",
  remoteId: null,
  label,
  recordId: `rec_${n}`,
  changes: [
    { field: "email", before: null, after: label, by: crm(2 * MINUTE) },
    { field: "givenName", before: null, after: "太郎", by: crm(2 * MINUTE) },
    { field: "familyName", before: null, after: "山田", by: crm(2 * MINUTE) },
    { field: "company", before: null, after: "株式会社エグザンプル・ホールディングス", by: crm(2 * MINUTE) },
    {
      field: "tags",
      before: null,
      after: ["vip", "newsletter", "ostern-2026", "long-tag-that-goes-on-and-on-and-on-and-on"],
      by: crm(2 * MINUTE),
    },
  ],
  set: { email_address: label },
})

export const plan: Plan = {
  plan: 1,
  pipeline: "crm-email",
  fingerprint: "f",
  madeAt: NOW,
  writes: [
    ...Array.from({ length: 5 }, (_, n) => create(`taro.yamada.${n}@example.com`, n)),
    update,
    { ...update, kind: "delete", label: "محمد عبد الله", remoteId: "con_gone", changes: [] },
  ],
  reviews: [review],
  quarantine: [quarantined],
  systems: [
    system("crm", { read: 1204, changed: 3, updated: 1, deleted: 1, calls: 14 }),
    system("email", { read: 498, changed: 2, created: 5, calls: 3 }),
  ],
  guards: [],
  unreachable: [],
  warnings: ["The clock of email is 42 s behind ours."],
}

export const report = (more: Partial<RunReport> = {}): RunReport => ({
  run: "run_5k2m9",
  startedAt: NOW - 4200,
  endedAt: NOW,
  outcome: "done",
  systems: [
    system("crm", { read: 1204, changed: 3, updated: 12, calls: 14 }),
    system("email", { read: 498, changed: 2, created: 487, calls: 3 }),
  ],
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
  warnings: [],
  ...more,
})

export const attention = report({
  outcome: "attention",
  reviewsOpened: 1,
  reviewsClosed: 2,
  reviewsOpen: 3,
  reviewsOverdue: 0,
  overdueNow: 0,
  quarantinedNow: 2,
  quarantined: 2,
})

export const guarded = report({
  outcome: "guard",
  guards: [
    {
      guard: "delete",
      system: "email",
      binding: "email.members",
      count: 200,
      limit: 10,
      linked: 498,
      message: "200 of 498 people would be deleted in email.members; 10 are allowed in one run.",
    },
  ],
})

export const unreachable = report({
  outcome: "unreachable",
  systems: [system("crm", { read: 3, changed: 3, calls: 2 }), system("email", { postponed: 3, calls: 4 })],
  unreachable: [
    { system: "email", reason: "network", message: "127.0.0.1:4020 refused the connection.", owed: 3, nextAttemptAt: NOW + 30_000 },
    { system: "crm", reason: "auth", message: "401: the token is not valid.", owed: 0, nextAttemptAt: null },
  ],
})
