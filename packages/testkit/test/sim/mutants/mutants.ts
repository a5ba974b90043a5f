// Bugs that the simulator must find, each a small patch of the engine: where, what is there, what is put in its place.
// One that no longer fits the source is an error, so that the table cannot rot.

export interface Mutant {
  readonly name: string
  /** The invariant that it breaks first. */
  readonly breaks: string
  /** Within packages/core/src. */
  readonly file: string
  readonly find: string
  readonly put: string
}

const mutant = (breaks: string, name: string, file: string, find: string, put: string): Mutant => ({ name, breaks, file, find, put })

export const MUTANTS: readonly Mutant[] = [
  mutant(
    "I10",
    "advance the cursor before the scan is done",
    "pull/pull.ts",
    "cursor: !done || !page.complete ? from.cursor : underway.provesAbsence ? page.next : null",
    "cursor: page.next",
  ),
  mutant("I10", "keep the first page of a scan only", "pull/pull.ts", "if (!done) continue", "if (!done) return false"),
  mutant(
    "I6",
    "take absence for proof without a lookup",
    "pull/look-up.ts",
    "(siblingAnswered || dead.some((other) => other.id === id))",
    "true",
  ),
  mutant(
    "I6",
    "take an answer within the lag for proof",
    "pull/look-up.ts",
    "link.seenAt + binding.spec.read.lagMs.byId > session.engine.now()",
    "link.seenAt > session.engine.now()",
  ),
  mutant("I6", "let an id made from an address prove a delete", "pull/look-up.ts", "idIsProof(binding, link) &&", "true &&"),
  mutant("I2", "ask before the lag has passed", "pull/reread-due.ts", "now() - binding.spec.read.lagMs.byId", "now()"),
  mutant("I1", "read nothing again", "pull/reread-due.ts", "if (links.length === 0) continue", "if (links.length >= 0) continue"),
  mutant("I11", "send without a durable intent", "integrate/draft.ts", "openIntents: [...this.opened.values()]", "openIntents: []"),
  mutant("I17", "never close an intent", "integrate/draft.ts", "closeIntents: [...this.closed]", "closeIntents: []"),
  mutant("I4", "forget new claims", "integrate/draft.ts", "claim: this.claims.new()", "claim: []"),
  mutant("I1", "never give up a claim", "integrate/draft.ts", "unclaim: this.claims.lost()", "unclaim: []"),
  mutant("I2", "store no reviews", "integrate/draft.ts", "reviews: rows(this.dirtyReviews, this.reviewIndex.rows())", "reviews: []"),
  mutant("I2", "store no journal", "integrate/draft.ts", "journal: this.entries", "journal: []"),
  mutant(
    "I1",
    "drop links nowhere",
    "integrate/draft.ts",
    "dropLinks: [...this.droppedLinks].filter((id) => this.linkIndex.get(id) === undefined)",
    "dropLinks: []",
  ),
  mutant(
    "I1",
    "owe a new value to nobody",
    "integrate/edit.ts",
    "draft.putLink({ ...link, owed: { ...link.owed, [field]: base }, dueAt: draft.context.now, attempts: 0 })",
    ";",
  ),
  mutant("I2", "take every conflict as accepted", "integrate/edit.ts", "if (base === undefined) {", "if (base !== null) {"),
  mutant("I2", "journal no loser", "integrate/edit.ts", "    lost: loser,", "    ...(loser === null ? {} : {}),"),
  mutant(
    "I1",
    "keep without owing",
    "integrate/edit.ts",
    "return owe(draft, link.id, field, [value])\n    case",
    "return undefined\n    case",
  ),
  mutant("I1", "hold without owing", "integrate/edit.ts", 'case "hold":\n      owe(draft, link.id, field, [value])', 'case "hold":'),
  mutant(
    "I2",
    "treat our echo as an edit",
    "integrate/merge.ts",
    "equal(before, value)) continue",
    "equal(before, value) && false) continue",
  ),
  mutant(
    "I13",
    "remember what was sent as what was seen",
    "integrate/merge.ts",
    "    seen: binding.project(observed.item),\n    version: observed.version,\n    seenAt: draft.context.now,\n    rereadAt: null,",
    "    version: observed.version,\n    seenAt: draft.context.now,\n    rereadAt: null,",
  ),
  mutant("I2", "let the blank win at a first meeting", "integrate/merge.ts", "if (isBlank(present)) {", "if (!isBlank(present)) {"),
  mutant("I1", "write held fields", "integrate/hold.ts", "names.filter((name) => !held.has(name))", "names"),
  mutant(
    "I2",
    "deliver what waits to be read",
    "integrate/hold.ts",
    'link.state !== "live" || link.rereadAt !== null',
    'link.state !== "live"',
  ),
  mutant(
    "I4",
    "identify everybody anew",
    "integrate/identify.ts",
    "for (const id of claimants) candidates.add(id)",
    'for (const id of claimants) if (id === "") candidates.add(id)',
  ),
  mutant("I4", "guess between two", "integrate/identify.ts", "if (candidates.size > 1 || crowded)", "if (candidates.size > 99)"),
  mutant(
    "I4",
    "tie a second item to a record",
    "integrate/identify.ts",
    'if (link !== undefined && link.remoteId !== null && link.state !== "gone") {',
    'if (link !== undefined && link.remoteId === "") {',
  ),
  mutant(
    "I2",
    "delete the record whatever it owes",
    "integrate/remove.ts",
    "if (unknownThere.length === 0 && disputed.length === 0) {",
    "if (unknownThere.length >= 0) {",
  ),
  mutant(
    "I5",
    "forget that a record was deleted",
    "integrate/remove.ts",
    "draft.putRecord({ ...record, deleted: { system, at, proof } })",
    "draft.putRecord(record)",
  ),
  mutant("I1", "propagate no delete", "integrate/remove.ts", 'owes: "delete", dueAt: draft.context.now, attempts: 0 })', "attempts: 0 })"),
  mutant(
    "I1",
    "forget debts of a deleted record",
    "integrate/remove.ts",
    "owed: owedSince(draft, binding, link), dueAt",
    "owed: {}, dueAt",
  ),
  mutant(
    "I5",
    "take a late page for a return",
    "integrate/return.ts",
    'if (order !== "newer" && !confirmed) {',
    'if (order === "older" && !confirmed) {',
  ),
  mutant(
    "I2",
    "merge a page while a write is open",
    "integrate/integrate.ts",
    "if (draft.intent(link.id) !== undefined) {",
    "if (draft.intent(link.id) === null) {",
  ),
  mutant(
    "I2",
    "take every page for fresh",
    "integrate/integrate.ts",
    "if (order === null && link.seen !== null && !options.confirmed",
    'if (order === null && link.id === "" && !options.confirmed',
  ),
  mutant(
    "I2",
    "take old versions for news",
    "integrate/integrate.ts",
    'if (order === "older" && !options.confirmed) {',
    'if (order === "older" && options.confirmed) {',
  ),
  mutant(
    "I2",
    "give up an unanswered write",
    "deliver/settle.ts",
    '    case "unknown":\n      return leaveOpen(draft, binding, link, intent, outcome.fault)',
    '    case "unknown":\n      draft.closeIntent(intent)\n      return "postponed"',
  ),
  mutant(
    "I1",
    "take unknown for applied",
    "deliver/settle-failure.ts",
    '  if (intent.unanswered && SAYS_NOTHING.includes(fault.class)) return "open"',
    "  ",
  ),
  mutant(
    "I2",
    "retry a conflict blindly",
    "deliver/settle-failure.ts",
    '      draft.putLink({ ...link, attempts, rereadAt: now })\n      return "postponed"\n    case "notFound":',
    '      draft.putLink({ ...link, attempts, version: null, dueAt: now })\n      return "postponed"\n    case "notFound":',
  ),
  mutant(
    "I2",
    "settle a write with what the record has now",
    "deliver/settle.ts",
    "owed = equal(record.fields[name], sent) ? without(owed, name) : { ...owed, [name]: [sent] }",
    "owed = without(owed, name)",
  ),
  mutant(
    "I4",
    "send an unanswered create again at once",
    "deliver/judge-by-key.ts",
    "  if (draft.context.now < intent.settlesAt) return\n  draft.closeIntent(intent)\n  draft.putLink({ ...link, dueAt",
    "  draft.closeIntent(intent)\n  draft.putLink({ ...link, dueAt",
  ),
  mutant(
    "I4",
    "never ask about a create that nobody can judge",
    "deliver/judge-by-key.ts",
    '    ask(draft, {\n      kind: "unknown_write"',
    '    draft.closeIntent(intent)\n    if (link.remoteId === "") ask(draft, {\n      kind: "unknown_write"',
  ),
  mutant(
    "I4",
    "resend with another key",
    "deliver/push.ts",
    "idempotencyKey: intent.idempotencyKey",
    "idempotencyKey: `${intent.idempotencyKey}${Math.random()}`",
  ),
  mutant(
    "I17",
    "leave writes of a dead process be",
    "deliver/recover.ts",
    "const unmarked = own.filter((intent) => !intent.unanswered)",
    "own = own.filter((intent) => intent.unanswered)\n        const unmarked: Intent[] = []",
  ),
  mutant(
    "I2",
    "one merge policy: the last to be pulled",
    "integrate/policy/decide.ts",
    "export function decide(policy: Policy, contest: Contest): Verdict {",
    'export function decide(policy: Policy, contest: Contest): Verdict {\n  if (contest.base.length > 0) return { kind: "accept", rule: "" }',
  ),
  mutant("I1", "unite without a base", "integrate/policy/union.ts", "if (!removed) merged.set(text, member)", "merged.set(text, member)"),
]
