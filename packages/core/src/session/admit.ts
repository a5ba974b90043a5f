// The border: what a connector answers is looked over before the engine handles it. An item that is too deep, too large or
// no JSON goes on as a cut that ends in quarantine; an answer of the wrong shape is a fault of the system.
import { type Change, type Connector, FaultError, type LookupAnswer, type Outcome, type Page } from "@syncline/connector"
import { cutItem, isUsableId, whyInadmissible } from "../model/admissible.ts"
import { textHash } from "../model/text-hash.ts"

export const admitting = (connector: Connector): Connector => ({
  check: (options) => connector.check(options),
  pull: async (resource, request, options) => {
    const page = admitPage(await connector.pull(resource, request, options))
    if (page.more && JSON.stringify(page.next) === JSON.stringify(request.cursor))
      throw malformed("the next page is the one that was just read, so that the end would never come")
    return page
  },
  push: async (resource, ops, options) => {
    const outcomes = await connector.push(resource, ops, options)
    // what was written is not known then, and not that nothing was
    return Array.isArray(outcomes) ? outcomes.map(admitOutcome) : []
  },
  ...(connector.lookup === undefined
    ? {}
    : {
        lookup: async (resource, by, values, options) => {
          const answers = await connector.lookup?.(resource, by, values, options)
          if (!Array.isArray(answers)) throw malformed("a lookup was not answered with a list")
          return answers.map((answer, at) => unlessMoved(by, values[at], admitAnswer(answer)))
        },
      }),
  ...(connector.close === undefined ? {} : { close: () => connector.close?.() ?? Promise.resolve() }),
})

const malformed = (what: string): FaultError => new FaultError({ class: "invalid", message: `The answer makes no sense: ${what}` })

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null

function admitPage(page: Page): Page {
  // a connector is code of others: its types are a promise, not a proof
  if (!isRecord(page) || !Array.isArray(page.changes)) throw malformed("a page has no list of changes")
  if (whyInadmissible({ next: page.next }) !== null) throw malformed("the place where the next page begins is no JSON of a sane size")
  let same = true
  const changes = page.changes.flatMap((change) => {
    const admitted = admitChange(change)
    if (admitted !== change) same = false
    return admitted === null ? [] : [admitted]
  })
  return same ? page : { ...page, changes }
}

/** null: it names nothing, so that there is nothing to say about it. */
function admitChange(change: Change): Change | null {
  if (!isRecord(change)) return null
  const known = withUsableFacts(change)
  if (known.kind !== "upsert") {
    const also: unknown = known.kind === "rekey" ? known.was : known.kind === "merge" ? known.into : known.id
    return isUsableId(known.id) && isUsableId(also) ? known : null
  }
  if (!isUsableId(known.id)) {
    const item = cutItem(known.item, "its id is empty, no text, or too long to be one")
    return { ...known, id: `unusable-${textHash(JSON.stringify([typeof known.id, item]))}`, item }
  }
  const why = whyInadmissible(known.item)
  return why === null ? known : { ...known, item: cutItem(known.item, why) }
}

/** The facts beside an item are texts, or are not there. */
function withUsableFacts(change: Change): Change {
  const { version, secondary, at, fieldTimes } = change
  const good = (fact: unknown): boolean => fact === undefined || isUsableId(fact)
  if (good(version) && good(secondary) && good(at) && (fieldTimes === undefined || isRecord(fieldTimes))) return change
  const { version: _version, secondary: _secondary, at: _at, fieldTimes: _times, ...rest } = change
  return {
    ...rest,
    ...(isUsableId(version) ? { version } : {}),
    ...(isUsableId(secondary) ? { secondary } : {}),
    ...(isUsableId(at) ? { at } : {}),
    ...(isRecord(fieldTimes) ? { fieldTimes } : {}),
  }
}

function admitOutcome(outcome: Outcome): Outcome {
  if (!isRecord(outcome) || outcome.status !== "applied") return outcome
  if (!isUsableId(outcome.id))
    return { ref: outcome.ref, status: "unknown", fault: { class: "unknown", message: "the answer names no usable id" } }
  const why = outcome.item === undefined ? null : whyInadmissible(outcome.item)
  return why === null ? outcome : { ...outcome, item: cutItem(outcome.item, why) }
}

function admitAnswer(answer: LookupAnswer): LookupAnswer {
  if (!isRecord(answer)) return { fault: { class: "invalid", message: "the system's answer makes no sense" } }
  if (!("found" in answer)) return answer
  const found = isRecord(answer.found) && isUsableId(answer.found.id) ? admitChange(answer.found) : null
  return found === null || (found.kind !== "upsert" && found.kind !== "delete")
    ? { fault: { class: "invalid", message: "what was found has no usable id" } }
    : found === answer.found
      ? answer
      : { found }
}

/** An item under another name than it was asked for by: what was asked for is part of it now, or has this name from now on. */
function unlessMoved(by: string, value: string | undefined, answer: LookupAnswer): LookupAnswer {
  if ((by !== "id" && by !== "secondary") || !("found" in answer) || answer.found.kind !== "upsert") return answer
  const { id, secondary } = answer.found
  if (value === undefined || (by === "id" ? id : (secondary ?? value)) === value) return answer
  return { fault: { class: "gone", message: `it is ${id} now`, existingId: id } }
}
