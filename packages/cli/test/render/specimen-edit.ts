// An edit as the engine describes it, and the moments that every specimen is set in.
import type { PlannedWrite, Stamp } from "@syncline/core"
import { createColors } from "picocolors"

export const NOW = Date.UTC(2026, 4, 4, 12, 0, 0)
export const MINUTE = 60_000
export const plainPaint = createColors(false)

export const crm = (ago: number): Stamp => ({ system: "crm", at: NOW - ago, certainty: "field" })
export const email = (ago: number): Stamp => ({ system: "email", at: NOW - ago, certainty: "item" })

export const update: PlannedWrite = {
  system: "crm",
  binding: "crm.contacts",
  entity: "person",
  kind: "update",
  remoteId: "con_k7mn5n4yks",
  label: "jane@example.com",
  recordId: "rec_9",
  changes: [
    { field: "phone", before: "+14155550100", after: "+14155550199", by: email(3 * MINUTE) },
    {
      field: "familyName",
      before: "Okonkwo\u001b[31m",
      after: "Okonkwo-Bélanger",
      by: email(3 * MINUTE),
      lost: "Okonkwo Belanger",
      lostBy: crm(9 * MINUTE),
      rule: "newest",
    },
    { field: "consent", before: "subscribed", after: "unsubscribed", by: email(MINUTE), rule: "strictest" },
  ],
  set: { phone: "+14155550199" },
}
