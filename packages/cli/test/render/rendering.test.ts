// How things look at 80 and 120 columns, kept as files. No line is ever wider than asked, except a command to copy.
import stringWidth from "string-width"
import type { Fields } from "@syncline/core"
import { expect, test } from "vitest"
import { renderExplanation } from "../../src/render/explain.ts"
import { renderJournalRow } from "../../src/render/journal.ts"
import { renderPlan } from "../../src/render/plan.ts"
import { renderQuarantine, renderQuarantined } from "../../src/render/quarantine.ts"
import { passLine, renderReport } from "../../src/render/report.ts"
import { renderMany } from "../../src/render/review-many.ts"
import { renderReview, renderReviews } from "../../src/render/review.ts"
import { renderStatus } from "../../src/render/status.ts"
import type { View } from "../../src/render/view.ts"
import * as passes from "./specimen.ts"
import * as edits from "./specimen-edit.ts"
import * as stored from "./specimen-stored.ts"

const specimen = { ...passes, ...edits, ...stored }

type Rendering = (view: View & { readonly file: string }) => readonly string[]
const decision = {
  kind: "resolve",
  id: "dec_1",
  at: 0,
  by: "ada",
  note: null,
  reviewId: specimen.review.id,
  hash: "h1",
  choice: { take: "system", system: "crm" },
} as const
const named = (id: string, label: string, fields: Fields = {}) => ({
  id,
  label,
  fields,
  items: [{ binding: "crm.contacts", remoteId: `con_${id}` }],
})
const jane = named("rec_9", "jane@example.com")
const candidates = [
  named("rec_1", "info@example.com", { email: "info@example.com", givenName: "Ada", phone: null, tags: [] }),
  named("rec_2", "info@example.com"),
]

const suggestion = {
  latest: "email",
  latestAt: specimen.NOW - 4 * 60_000,
  unclear: null,
  before: [
    { answer: "take email", times: 5 },
    { answer: "take crm", times: 1 },
  ],
}
const returned = {
  by: "ada",
  at: specimen.NOW - 2 * 60_000,
  note: "she rang",
  choice: decision.choice,
  hash: "h1",
  why: "was made on values that have moved since",
}

const RENDERINGS: Readonly<Record<string, Rendering>> = {
  plan: (view) => renderPlan(specimen.plan, { ...view, samples: 2 }),
  "plan-quiet": (view) => renderPlan({ ...specimen.plan, writes: [], reviews: [], quarantine: [], warnings: [] }, { ...view, samples: 2 }),
  "plan-stopped": (view) =>
    renderPlan(
      { ...specimen.plan, guards: specimen.guarded.guards, unreachable: specimen.unreachable.unreachable },
      { ...view, samples: 1 },
    ),
  "report-done": (view) => renderReport(specimen.report(), view),
  "report-quiet": (view) =>
    renderReport(specimen.report({ systems: [specimen.system("crm", { calls: 1 }), specimen.system("email", { calls: 1 })] }), view),
  "report-attention": (view) => renderReport(specimen.attention, view),
  "report-overdue": (view) =>
    renderReport(specimen.report({ outcome: "attention", reviewsOpen: 12, reviewsOverdue: 3, overdueNow: 1 }), view),
  "report-guard": (view) => renderReport(specimen.guarded, view),
  "report-unreachable": (view) => renderReport(specimen.unreachable, view),
  status: (view) => renderStatus(specimen.status, view),
  "status-never": (view) => renderStatus({ ...specimen.status, lastRun: null, bindings: [], pendingDecisions: 0 }, view),
  "review-list": (view) =>
    renderReviews([specimen.review, specimen.ambiguous], new Map([[specimen.review.id, decision]]), {
      ...view,
      more: true,
      labels: new Map([["rec_9", "jane@example.com"]]),
      alike: [specimen.review, specimen.ambiguous],
    }),
  "review-show": (view) => renderReview(specimen.review, null, { ...view, record: jane, candidates: [], suggestion: null }),
  "review-show-answered": (view) => renderReview(specimen.review, decision, { ...view, record: jane, candidates: [], suggestion: null }),
  "review-show-ambiguous": (view) => renderReview(specimen.ambiguous, null, { ...view, record: null, candidates, suggestion: null }),
  "review-show-delete": (view) =>
    renderReview(specimen.deleted, null, { ...view, record: candidates[0] ?? jane, candidates: [], suggestion: null }),
  "review-list-alike": (view) =>
    renderReviews([specimen.review], new Map(), {
      ...view,
      more: true,
      labels: new Map([["rec_9", "jane@example.com"]]),
      alike: [1, 2, 3, 4].map((n) => ({ ...specimen.review, id: `rev_${n}` })),
    }),
  "review-show-moved": (view) =>
    renderReview(specimen.review, { ...decision, at: specimen.NOW, hash: "h0" }, { ...view, record: jane, candidates: [], suggestion }),
  "review-show-again": (view) =>
    renderReview({ ...specimen.review, returned }, null, { ...view, record: jane, candidates: [], suggestion }),
  "review-many": (view) =>
    renderMany(
      [{ review: specimen.review, choice: decision.choice }],
      [{ review: specimen.ambiguous, why: "--take crm does not answer this question." }],
      { ...view, labels: new Map([["rec_9", "jane@example.com"]]), dryRun: true },
    ),
  "quarantine-list": (view) => renderQuarantine([specimen.quarantined], new Map(), { ...view, more: false }),
  "quarantine-show": (view) => renderQuarantined(specimen.quarantined, null, view),
  log: (view) => specimen.journal.flatMap((row) => renderJournalRow(row, { ...view, label: "jane@example.com" })),
  "log-answered": (view) =>
    specimen.journal.slice(0, 1).flatMap((row) =>
      renderJournalRow(
        {
          ...row,
          kind: "review_resolved",
          note: `rev_3f: ada: "+14155550123", as in crm (${"she rang and spelled it out, ".repeat(4)}twice)`,
        },
        { ...view, label: "jane@example.com" },
      ),
    ),
  explain: (view) => renderExplanation(specimen.explanation, { ...view, detailed: false }),
  "explain-field": (view) =>
    renderExplanation({ ...specimen.explanation, fields: specimen.explanation.fields.slice(1, 2) }, { ...view, detailed: true }),
}

for (const width of [80, 120]) {
  test.for(Object.entries(RENDERINGS))(`%s at ${width} columns`, async ([name, render]) => {
    const lines = render({ paint: specimen.plainPaint, width, now: specimen.NOW, file: "pipeline.yaml" })
    for (const line of lines.flatMap((each) => each.split("\n"))) {
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      expect(line).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/)
    }
    // Sentences and commands to copy are left to the terminal to wrap; tables and diffs are not.
    const laidOut = lines.filter((line) => !line.includes("syncline ") && !/^[✗?!✓]|^ {2}\S/u.test(line))
    expect(laidOut.filter((line) => stringWidth(line) > width)).toEqual([])
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../golden/render/${name}.${width}.txt`)
  })
}

test("a pass that did nothing has no line", () => {
  expect(passLine(specimen.report({ systems: [specimen.system("crm", { read: 3, calls: 1 })] }))).toBeNull()
  expect(passLine(specimen.attention)).toBe(
    "crm: 12 updated; email: 487 created; 1 question for a person; 2 reviews settled; 2 quarantined",
  )
})

test("after a run that is done all is in step only where nothing is owed, asked or held", () => {
  const lastRun = { id: "run_1", startedAt: specimen.NOW, endedAt: specimen.NOW, outcome: "done" }
  const first = (status: typeof specimen.status) =>
    renderStatus(status, { paint: specimen.plainPaint, width: 80, now: specimen.NOW, file: "pipeline.yaml" })[0]
  expect(first({ ...specimen.status, lastRun })).not.toContain("all in step")
  expect(first({ ...specimen.status, lastRun, pendingDecisions: 0, bindings: [] })).toContain("all in step")
})
