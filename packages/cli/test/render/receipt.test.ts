// How a receipt looks at 80 and 120 columns, kept as files.
import type { Receipt } from "@syncline/core"
import { expect, test } from "vitest"
import { renderReceipt } from "../../src/render/receipt.ts"
import { NOW, plainPaint } from "./specimen-edit.ts"

const done: Receipt = {
  forget: 1,
  pipeline: "crm-email",
  at: NOW,
  systems: [
    { system: "crm", binding: "crm.contacts", outcome: "deleted" },
    { system: "email", binding: "email.members", outcome: "archived" },
  ],
  erased: {
    blocked: [{ id: "fgt_0123456789abcdef0123456789abcdef", entity: "person", key: "email" }],
    records: 1,
    links: 2,
    intents: 0,
    reviews: 1,
    quarantine: 0,
    decisions: 0,
    journal: 1204,
    blotted: 1,
  },
  why: null,
  guards: [],
  unreachable: [],
}
const notDone: Receipt = {
  ...done,
  systems: [
    { system: "crm", binding: "crm.contacts", outcome: "deleted" },
    { system: "email", binding: "email.members", outcome: "not_deleted" },
  ],
  erased: null,
  why: "not all systems have deleted it: it stays owed, run and forget again",
}

for (const width of [80, 120]) {
  test.for(Object.entries({ receipt: done, "receipt-stopped": notDone }))(`%s at ${width} columns`, async ([name, receipt]) => {
    const lines = renderReceipt(receipt, { paint: plainPaint, width, now: NOW, file: "pipeline.yaml" })
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../golden/render/${name}.${width}.txt`)
  })
}
