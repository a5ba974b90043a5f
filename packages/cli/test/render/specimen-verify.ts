// A comparison as the engine tells it: every cause once, hostile texts included.
import type { Difference, VerifyReport } from "@syncline/core"
import { NOW } from "./specimen-edit.ts"

const found = (cause: Difference["cause"], part: Partial<Difference>): Difference => ({
  cause,
  system: "crm",
  binding: "crm.contacts",
  entity: "person",
  recordId: "rec_9",
  label: "jane@example.com",
  remoteId: "con_k7mn5n4yks",
  field: "phone",
  record: "+14155550100",
  seen: "+14155550100",
  actual: "+14155550199",
  silent: false,
  note: "changed there since it was read",
  ...part,
})

const whole = { field: null, record: null, seen: null, actual: null } as const

export const differences: readonly Difference[] = [
  found("lost_write", { note: "older than what run_7k2p wrote there" }),
  found("edited_outside", { field: "familyName", record: "Okonkwo\u001b[31m", actual: "山田 太郎 with a name that goes on and on and on" }),
  found("edited_outside", { label: "محمد عبد الله", field: "tags", record: ["a", "b"], actual: [] }),
  found("edited_outside", { system: "email", binding: "email.members", field: "company", record: null, actual: "Acme" }),
  found("record", { note: "nobody wrote what the record says" }),
  found("memory", { note: "it agrees, but was remembered otherwise" }),
  found("never_synced", { ...whole, recordId: null, note: "no record stands for this item" }),
  found("missing", { ...whole, note: "neither a full scan nor a lookup by its id finds it" }),
  found("extra", { ...whole, note: "a second item beside con_1" }),
  found("mapping", { note: 'unreadable: "call me" is no phone number' }),
  found("owed", { note: "to be written there" }),
  found("held", { note: "review rev_3f: phone was changed in crm and in email: within a second of each other" }),
]

export const verified: VerifyReport = {
  verify: 1,
  pipeline: "crm-email",
  startedAt: NOW - 3000,
  endedAt: NOW,
  compared: [
    {
      system: "crm",
      binding: "crm.contacts",
      entity: "person",
      items: 1204,
      linked: 1203,
      fields: 8421,
      agree: 8413,
      differences: 11,
      complete: true,
    },
    {
      system: "email",
      binding: "email.members",
      entity: "person",
      items: 498,
      linked: 498,
      fields: 3486,
      agree: 3485,
      differences: 1,
      complete: false,
    },
  ],
  causes: { ...Object.fromEntries(differences.map(({ cause }) => [cause, 1])), edited_outside: 3 },
  explained: { filter: 706, rewritten: 12, one_way: 3, ignored: 1 },
  differences,
  unlisted: 0,
  unreachable: [],
  warnings: ["email.members: the scan was not complete, so nothing that it did not show counts as missing"],
}

export const agreed: VerifyReport = {
  ...verified,
  compared: verified.compared.map((each) => ({ ...each, agree: each.fields, differences: 0, complete: true })),
  causes: {},
  differences: [],
  warnings: [],
}
