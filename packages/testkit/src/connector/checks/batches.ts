// Several operations in one call: each outcome is that of its own operation, whatever the answer looks like.
import type { Op, Outcome } from "@syncline/connector"
import { type Check, must, show, Skip } from "../check.ts"
import { fill } from "../conduct.ts"
import { batches, items, ownEdits, uniqueKey, wire, writes } from "../needs.ts"
import { again, createOp, inOrder, make, newEdit, newItem, opOn, pushOne, see, seeAll, type Made } from "../stand/items.ts"
import { lag } from "../stand/lag.ts"
import { at, joined, leavesOf, nest, normalised, same } from "../stand/paths.ts"
import type { Stand } from "../stand/stand.ts"
import { beheaded, longestList, reversed } from "../wire/tamper.ts"
import { mustRead } from "./writes.ts"

const mixed: Check = {
  name: "mixed-batch-blames-right",
  area: "write",
  says: "of a batch with one bad item that item is blamed and no other, wherever it stands",
  scope: "resource",
  needs: [batches("update", 3), ownEdits, items],
  run: async (stand) => {
    const { connector, resource, spec, conduct } = stand
    let current = await make(stand, 3)
    const [victim] = await make(stand, 1)
    must(victim !== undefined, "nothing was made")
    const missing = spec.write.delete !== undefined || stand.outside.delete !== undefined
    if (missing) {
      if (stand.outside.erase !== undefined) await stand.outside.erase(victim.id)
      else if (stand.outside.delete !== undefined) await stand.outside.delete(victim.id)
      else await pushOne(stand, opOn(stand, "delete", victim), "a delete", stand.witness)
    }
    if (!missing && conduct.invalid === undefined)
      throw new Skip("there is no bad item to be had: nothing can be deleted, and the conformance file names no invalid edit")
    for (const place of [0, 1, 2]) {
      const sets = current.map(() => newEdit(stand))
      // By turns one that is not there and one with values that the system refuses.
      const byValue = conduct.invalid !== undefined && (!missing || place !== 1)
      const ops = current.map((made, index) => {
        if (index !== place) return opOn(stand, "update", made, sets[index])
        return byValue
          ? opOn(stand, "update", made, fill(conduct.invalid ?? {}, stand.session.unique()))
          : opOn(stand, "update", victim, sets[index])
      })
      const outcomes = inOrder(ops, await connector.push(resource, ops))
      const bad = outcomes[place]
      must(
        bad?.status === "failed",
        () =>
          `operation ${place + 1} of 3 is bad (${byValue ? "values that the system refuses" : "its item is deleted"}) and its outcome is ${show(bad)}`,
      )
      must(bad.fault.message.trim() !== "", "it is blamed without a word")
      if (byValue)
        must(
          bad.fault.class === "invalid" || bad.fault.class === "duplicate",
          `values that the system refuses are "${bad.fault.class}" (${bad.fault.message}), not "invalid"`,
        )
      const whole = (spec.write.update?.atomic ?? "item") === "batch"
      const next: Made[] = []
      for (const [index, made] of current.entries()) {
        if (index === place) {
          next.push(await again(stand, made))
          continue
        }
        const outcome = outcomes[index]
        if (whole)
          must(
            outcome?.status === "failed",
            `operation ${index + 1} of a batch that is declared to go as a whole is ${outcome?.status} although operation ${place + 1} is bad`,
          )
        else must(outcome?.status === "applied", () => `operation ${place + 1} of 3 is bad, and operation ${index + 1} is ${show(outcome)}`)
        const latest = await again(stand, made)
        if (!whole) mustRead(stand, latest.change.item, sets[index] ?? {}, `operation ${index + 1} beside a bad one`)
        next.push(latest)
      }
      current = next
    }
  },
}

/** Operations whose answer is tampered with, and what is true of each afterwards. */
const tampered = async (
  stand: Stand,
  kind: "create" | "update",
  tamper: (text: string) => string,
  says: string,
): Promise<{ ops: readonly Op[]; outcomes: readonly Outcome[]; touched: boolean; readBack: boolean }> => {
  const { wire: line, connector, resource } = stand
  const ops =
    kind === "create"
      ? Array.from({ length: 3 }, () => createOp(stand))
      : (await make(stand, 3)).map((made) => opOn(stand, "update", made, newEdit(stand)))
  let touched = false
  line.rule(({ purpose }) =>
    purpose !== "write"
      ? null
      : {
          do: "change",
          says,
          with: (whole) => {
            if (whole.status >= 300 || longestList(whole.body) < 3) return whole
            const body = tamper(whole.body)
            touched ||= body !== whole.body
            return { ...whole, body }
          },
        },
  )
  const before = line.log.length
  const outcomes = inOrder(ops, await connector.push(resource, ops))
  line.rule(null)
  const sent = line.log.slice(before)
  const lastWrite = sent.findLastIndex(({ asked }) => asked.purpose === "write")
  return { ops, outcomes, touched, readBack: sent.slice(lastWrite + 1).some(({ asked }) => asked.purpose === "read") }
}

/** An applied outcome names the item that its operation was about. */
const mustBeTrue = async (stand: Stand, ops: readonly Op[], outcomes: readonly Outcome[], what: string): Promise<void> => {
  await lag(stand, "byId")
  for (const [index, one] of ops.entries()) {
    const outcome = outcomes[index]
    must(
      outcome !== undefined && outcome.status !== "failed",
      () => `${what}: operation ${index + 1} was carried out, and its outcome is ${show(outcome)}`,
    )
    if (outcome.status !== "applied") continue
    if (one.id !== null && stand.spec.id.stable)
      must(outcome.id === one.id, `${what}: operation ${index + 1} on ${one.id} is acknowledged as ${outcome.id}`)
    const change = (await seeAll(stand, [outcome.id])).get(outcome.id)
    must(change !== undefined, `${what}: operation ${index + 1} is acknowledged as ${outcome.id}, which nobody is`)
    mustRead(stand, change.item, one.set, `${what}: operation ${index + 1} is acknowledged as ${outcome.id}`)
    if (outcome.item !== undefined)
      mustRead(stand, outcome.item, one.set, `${what}: operation ${index + 1} is answered with another one's item`)
  }
}

const shuffled: Check = {
  name: "shuffled-results-map-right",
  area: "write",
  says: "results in another order are given to the right operations, or to none",
  scope: "resource",
  needs: [wire, batches("create", 3)],
  run: async (stand) => {
    if (stand.conduct.resultsInOrder === true) throw new Skip("the system documents that results come in the order of the operations")
    let touched = false
    for (const kind of kindsOf(stand)) {
      const result = await tampered(stand, kind, reversed, "its results were turned around")
      touched ||= result.touched
      if (result.touched) await mustBeTrue(stand, result.ops, result.outcomes, `${kind}s whose results came in another order`)
    }
    if (!touched) throw new Skip("the answer to a batch holds no list of results")
  },
}

const kindsOf = ({ spec, conduct }: Stand): readonly ("create" | "update")[] => [
  "create",
  ...((spec.write.update?.max ?? 0) >= 3 && conduct.edit !== undefined ? (["update"] as const) : []),
]

const missing: Check = {
  name: "missing-results-are-unknown",
  area: "write",
  says: "an operation that the answer does not mention is unknown, and its neighbours are not mistaken for it",
  scope: "resource",
  needs: [wire, batches("create", 3)],
  run: async (stand) => {
    let touched = false
    for (const kind of kindsOf(stand)) {
      const result = await tampered(stand, kind, beheaded, "the first result was taken out")
      touched ||= result.touched
      if (!result.touched) continue
      await mustBeTrue(stand, result.ops, result.outcomes, `${kind}s of which one result was missing`)
      const unknown = result.outcomes.filter(({ status }) => status === "unknown").length
      must(
        unknown > 0 || result.readBack,
        `of 3 ${kind}s the answer mentions 2, and all 3 are told as applied without having been looked at`,
      )
    }
    if (!touched) throw new Skip("the answer to a batch holds no list of results")
  },
}

/** The same item for a second time under a new key: what is unique about it is taken. */
const duplicate: Check = {
  name: "duplicate-names-the-holder",
  area: "write",
  says: "a create whose unique key is taken is a duplicate that names the holder, and leaves the holder as it was",
  scope: "resource",
  needs: [writes("create"), uniqueKey],
  run: async (stand) => {
    const { connector, resource, spec } = stand
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    const key = spec.keys.find(({ unique, paths }) => unique && paths.every((path) => !same(at(made.set, path), null)))
    if (key === undefined) throw new Skip("what the conformance file makes has no unique key")
    const set = key.paths.reduce((item, path) => joined(item, nest(path, at(made.set, path))), newItem(stand))
    const one = createOp(stand, set)
    const [outcome] = inOrder([one], await connector.push(resource, [one]))
    must(outcome?.status === "failed", () => `a create whose ${key.name} is taken is ${outcome?.status}: ${show(outcome)}`)
    must(
      outcome.fault.class === "duplicate",
      `a create whose ${key.name} is taken is "${outcome.fault.class}" (${outcome.fault.message}), not "duplicate"`,
    )
    must(
      outcome.fault.existingId === made.id,
      `the holder of the ${key.name} is ${made.id}, and the fault names ${show(outcome.fault.existingId)}`,
    )
    const after = await see(stand, made.id)
    must(after !== undefined, "the holder is gone")
    const harmed = leavesOf(made.set).find(({ path }) => !same(at(after.item, path), at(made.change.item, path)))
    must(harmed === undefined, `a create that was refused as a duplicate changed ${harmed?.path} of the holder`)
  },
}

const sameKey: Check = {
  name: "same-key-once",
  area: "write",
  says: "a create that is sent twice with one key makes one item, and both times tells its id",
  scope: "resource",
  needs: [writes("create")],
  run: async (stand) => {
    const { connector, resource, spec } = stand
    const how = spec.write.create?.idempotent
    if (how === "none") throw new Skip("it declares that nothing makes a repeated create harmless")
    const one = createOp(stand)
    const first = await pushOne(stand, one, "a create")
    // As after a restart: the same bytes by another process.
    const other = await stand.open()
    for (const retrying of [connector, other]) {
      const [outcome] = inOrder([one], await retrying.push(resource, [one]))
      const known =
        outcome?.status === "applied"
          ? outcome.id
          : outcome?.status === "failed" && outcome.fault.class === "duplicate" && how === "naturalKey"
            ? outcome.fault.existingId
            : undefined
      must(known !== undefined, () => `the same create again is ${show(outcome)}`)
      must(known === first.id, `a create was sent again with its key: the first time it made ${first.id}, then ${known}`)
    }
    await lag(stand, "byId")
    const there = await see(stand, first.id)
    must(there !== undefined, `${first.id} was created and is not there`)
    mustRead(stand, there.item, one.set, "a create that was sent twice")
    // Another key is another item: nothing must be remembered by its values alone.
    const next = createOp(stand)
    const second = await pushOne(stand, next, "another create")
    must(second.id !== first.id, "two creates with two keys and two sets of values made one item")
  },
}

const declaredRewriting: Check = {
  name: "normalises-as-declared",
  area: "write",
  says: "what it declares to do to a value is what the system does",
  scope: "resource",
  needs: [writes("create")],
  run: async (stand) => {
    const { spec } = stand
    const base = newItem(stand)
    const paths = Object.keys(spec.normalises ?? {}).filter((path) => leavesOf(base).some((leaf) => leaf.path === path))
    if (paths.length === 0) throw new Skip("it declares nothing about the paths of the conformance file")
    const odd = paths.reduce((item, path) => {
      const value = at(base, path)
      if (typeof value === "string") return joined(item, nest(path, ` ${swapCase(value)} `))
      return item
    }, base)
    const outcome = await pushOne(stand, createOp(stand, odd), "a create")
    const change = await see(stand, outcome.id)
    must(change !== undefined, "what was created is not there")
    for (const path of paths) {
      const wanted = normalised(spec, path, at(odd, path))
      must(
        same(at(change.item, path), wanted),
        () =>
          `${path} was set to ${show(at(odd, path))}; by its declaration (${spec.normalises?.[path]?.join(", ") ?? ""}) it should read ${show(wanted)}, and it reads ${show(at(change.item, path))}`,
      )
    }
  },
}

const swapCase = (text: string): string =>
  [...text].map((letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase())).join("")

export const batchChecks: readonly Check[] = [mixed, shuffled, missing, duplicate, sameKey, declaredRewriting]
