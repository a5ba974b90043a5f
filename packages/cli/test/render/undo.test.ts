// How an undo looks at 80 and 120 columns, kept as files.
import type { UndoAction, UndoReport } from "@syncline/core"
import stringWidth from "string-width"
import { expect, test } from "vitest"
import { renderUndo } from "../../src/render/undo.ts"
import { NOW, plainPaint } from "./specimen-edit.ts"

const about = {
  entity: "person",
  recordId: "rec_9",
  label: "jane@example.com",
  system: "email",
  binding: "email.members",
  linkId: "lnk_1",
  remoteId: "0c44ba2d",
} as const
const actions: readonly UndoAction[] = [
  { ...about, kind: "restore", field: "phone", now: "+14155550199", before: "+14155550100" },
  {
    ...about,
    kind: "restore",
    field: "givenName",
    now: "Jane\u001b[31m",
    before: "山田 太郎 with a name that goes on and on and on and on",
  },
  { ...about, kind: "remove", system: "crm", binding: "crm.contacts", label: "محمد عبد الله", remoteId: "con_k7mn5n4yks" },
  { ...about, kind: "recreate", remoteId: "1d55cb3e" },
  { ...about, kind: "ask", field: "tags", now: ["a", "b"], before: [], why: "it was changed there since" },
  { ...about, kind: "leave", field: null, why: "it was edited there since" },
]
const plan: UndoReport = {
  undo: 1,
  run: "run_7k2p9d4m1x8c5v3b",
  pipeline: "crm-email",
  appliedBy: null,
  actions,
  failed: [],
  open: [],
  guards: [],
  unreachable: [],
  waits: null,
}
const done: UndoReport = { ...plan, appliedBy: "run_0000000000000000", failed: actions.slice(0, 1) }
const guarded: UndoReport = {
  ...plan,
  guards: [
    {
      guard: "delete",
      system: "crm",
      binding: "crm.contacts",
      count: 200,
      limit: 10,
      linked: 500,
      message: "this undo would delete 200 items in crm.contacts, more than the guard allows (10 of 500 linked)",
    },
  ],
}

test("an undo that nobody could look at yet says why, and what comes first", () => {
  const waits: UndoReport = { ...plan, actions: [], waits: "the store was put back, and not all systems could be read in full since" }
  const lines = renderUndo(waits, { paint: plainPaint, width: 80, now: NOW, file: "pipeline.yaml", samples: 1, asked: "run_7k2" })
  expect(lines.at(-1)).toMatch(/Nothing was looked at yet: the store was put back.*First: syncline run pipeline.yaml/)
})

for (const width of [80, 120]) {
  test.for(Object.entries({ undo: plan, "undo-done": done, "undo-guard": guarded }))(`%s at ${width} columns`, async ([name, report]) => {
    const lines = renderUndo(report, { paint: plainPaint, width, now: NOW, file: "pipeline.yaml", samples: 1, asked: "run_7k2" })
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/)
    expect(lines.filter((line) => line.startsWith("    ") && stringWidth(line) > width)).toEqual([])
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../golden/render/${name}.${width}.txt`)
  })
}
