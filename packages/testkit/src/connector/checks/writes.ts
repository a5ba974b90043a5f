// Writes that go well: they do what was asked, nothing else, and say what came of it.
import type { Json } from "@syncline/connector"
import { type Check, must, show, Skip } from "../check.ts"
import { clears, delta, items, ownEdits, writes } from "../needs.ts"
import { again, createOp, editOutside, inOrder, make, newEdit, newItem, opOn, pushOne, see, seeAll } from "../stand/items.ts"
import { lag } from "../stand/lag.ts"
import { at, blank, differences, leavesOf, nest, normalised, same } from "../stand/paths.ts"
import { cursorOfNow, scan, upsertOf } from "../stand/scan.ts"
import type { Stand } from "../stand/stand.ts"
import { textPath } from "./texts.ts"

/** Every path that was asked for reads as it was asked for. */
export const mustRead = ({ spec }: Stand, item: Parameters<typeof at>[0], set: Parameters<typeof at>[0], what: string): void => {
  for (const { path, value } of leavesOf(set)) {
    const wanted = normalised(spec, path, value)
    must(
      same(at(item, path), wanted) || sameMembers(at(item, path), wanted),
      () => `${what}: ${path} was set to ${show(value)} and reads ${show(at(item, path))}`,
    )
  }
}

const sameMembers = (a: Json, b: Json): boolean =>
  Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each: Json) => b.some((other: Json) => same(each, other)))

const create: Check = {
  name: "create-is-usable",
  area: "write",
  says: "a create gives an id under which the item is found, with every value that was asked for",
  scope: "resource",
  needs: [writes("create")],
  run: async (stand) => {
    const set = newItem(stand)
    const outcome = await pushOne(stand, createOp(stand, set), "a create")
    const change = await see(stand, outcome.id)
    must(change !== undefined, `a create says that the id is ${show(outcome.id)}, and nobody has it`)
    mustRead(stand, change.item, set, "a create")
    if (stand.spec.id.secondary !== undefined)
      must(
        outcome.secondary === change.secondary,
        `a create says that the stable id is ${show(outcome.secondary)}, and it reads ${show(change.secondary)}`,
      )
  },
}

const visible: Check = {
  name: "create-shows-in-time",
  area: "write",
  says: "what was created or edited is in a delta within the declared lag, with the version that was acknowledged",
  scope: "resource",
  needs: [writes("create"), delta],
  run: async (stand) => {
    const { connector, spec } = stand
    const cursor = await cursorOfNow(stand)
    const outcome = await pushOne(stand, createOp(stand), "a create")
    await lag(stand, "delta")
    const created = upsertOf((await scan(stand, connector, "delta", cursor)).changes, outcome.id)
    must(created !== undefined, `${outcome.id} was created, and ${spec.read.lagMs.delta} ms later no delta tells it`)
    if (spec.version.kind === "none") return
    must(
      outcome.version === undefined || outcome.version === created.version,
      `a create acknowledges version ${show(outcome.version)} and the delta tells ${show(created.version)}: one's own write cannot be recognised`,
    )
    if (spec.write.update === undefined || stand.conduct.edit === undefined) return
    const written = await pushOne(
      stand,
      opOn(
        stand,
        "update",
        { id: outcome.id, set: {}, change: created, ...(outcome.secondary === undefined ? {} : { secondary: outcome.secondary }) },
        newEdit(stand),
      ),
      "an update",
    )
    await lag(stand, "delta")
    const edited = upsertOf((await scan(stand, connector, "delta", cursor)).changes, written.id)
    must(edited !== undefined, `${written.id} was updated, and no delta tells it`)
    must(
      written.version === undefined || written.version === edited.version,
      `an update acknowledges version ${show(written.version)} and the delta tells ${show(edited.version)}: one's own write cannot be recognised`,
    )
  },
}

const unnamed: Check = {
  name: "unnamed-fields-untouched",
  area: "write",
  says: "an update changes the fields that it names and no other, neither beside nor around them",
  scope: "resource",
  needs: [ownEdits, items],
  run: async (stand) => {
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    let before = made
    for (const { path, value } of leavesOf(newEdit(stand))) {
      await pushOne(stand, opOn(stand, "update", before, nest(path, value)), `an update of ${path}`)
      const after = await again(stand, before)
      mustRead(stand, after.change.item, nest(path, value), "an update")
      const harmed = leavesOf(before.set).find(
        (leaf) =>
          leaf.path !== path &&
          !path.startsWith(`${leaf.path}.`) &&
          !same(at(before.change.item, leaf.path), at(after.change.item, leaf.path)),
      )
      must(
        harmed === undefined,
        () =>
          `an update of ${path} alone changed ${harmed?.path}: ${show(at(before.change.item, harmed?.path ?? ""))} became ${show(at(after.change.item, harmed?.path ?? ""))}`,
      )
      before = after
    }
  },
}

const answered: Check = {
  name: "answer-is-the-item",
  area: "write",
  says: "an applied write that gives the item gives it as it is there now, not as it was sent; and it gives one where it says so",
  scope: "resource",
  needs: [writes("create")],
  run: async (stand) => {
    const { spec } = stand
    const created = await pushOne(stand, createOp(stand), "a create")
    const outcomes = [["create", created, await see(stand, created.id)] as const]
    const [, , change] = outcomes[0] ?? []
    if (spec.write.update !== undefined && stand.conduct.edit !== undefined && change !== undefined) {
      const updated = await pushOne(
        stand,
        opOn(
          stand,
          "update",
          { id: created.id, set: {}, change, ...(created.secondary === undefined ? {} : { secondary: created.secondary }) },
          newEdit(stand),
        ),
        "an update",
      )
      outcomes.push(["update", updated, await see(stand, updated.id)] as never)
    }
    for (const [kind, outcome, now] of outcomes) {
      must(now !== undefined, `after the ${kind} nobody has the id ${outcome.id}`)
      if (spec.write[kind]?.returnsItem === true)
        must(outcome.item !== undefined, `it declares that a ${kind} gives the item, and it does not`)
      if (outcome.item !== undefined) {
        const other = differences(outcome.item, now.item)
        must(
          other.length === 0,
          () =>
            `the item in the answer to a ${kind} is not the one that is there: ${other.map((path) => `${path} is ${show(at(outcome.item ?? {}, path))} and reads ${show(at(now.item, path))}`).join("; ")}`,
        )
      }
      must(
        outcome.version === undefined || outcome.version === now.version,
        `a ${kind} acknowledges version ${show(outcome.version)}, and the item has ${show(now.version)}`,
      )
    }
  },
}

const unset: Check = {
  name: "unset-clears",
  area: "write",
  says: "a field that is set to null is cleared, and reads as blank; the rest stays",
  scope: "resource",
  needs: [ownEdits, items, clears],
  run: async (stand) => {
    const path = stand.conduct.clear ?? textPath(stand.conduct)
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    let before = made
    if (blank(at(before.change.item, path))) before = await editOutside(stand, before, nest(path, "to be cleared"))
    await pushOne(stand, opOn(stand, "update", before, nest(path, null)), `an update that clears ${path}`)
    const after = await again(stand, before)
    must(blank(at(after.change.item, path)), `${path} was set to null and reads ${show(at(after.change.item, path))}`)
    const harmed = leavesOf(before.set).find(
      (leaf) => leaf.path !== path && !same(at(before.change.item, leaf.path), at(after.change.item, leaf.path)),
    )
    must(harmed === undefined, `clearing ${path} changed ${harmed?.path}`)
  },
}

const identical: Check = {
  name: "same-values-again",
  area: "write",
  says: "writing the values that are there already is applied, and changes nothing",
  scope: "resource",
  needs: [ownEdits, items],
  run: async (stand) => {
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    const set = newEdit(stand)
    await pushOne(stand, opOn(stand, "update", made, set), "an update")
    const before = await again(stand, made)
    const outcome = await pushOne(stand, opOn(stand, "update", before, set), "an update with the values that are there already")
    must(outcome.id === made.id, `the same values again are acknowledged under another id: ${outcome.id}`)
    const after = await again(stand, before)
    for (const { path } of leavesOf({ ...made.set, ...set }))
      must(same(at(before.change.item, path), at(after.change.item, path)), `the same values again change ${path}`)
  },
}

const chain: Check = {
  name: "writes-follow-each-other",
  area: "write",
  says: "a version that a write acknowledged is good for the next write",
  scope: "resource",
  needs: [ownEdits, items],
  run: async (stand) => {
    const [made] = await make(stand, 1)
    must(made !== undefined, "nothing was made")
    let current = made
    for (let round = 0; round < 3; round++) {
      const outcome = await pushOne(stand, opOn(stand, "update", current, newEdit(stand)), `update ${round + 1} in a row`)
      const change = await see(stand, outcome.id)
      must(change !== undefined, `after an update nobody has the id ${outcome.id}`)
      current = { ...current, id: outcome.id, change: outcome.version === undefined ? change : { ...change, version: outcome.version } }
    }
  },
}

const full: Check = {
  name: "as-many-as-declared",
  area: "write",
  says: "as many operations at once as it declares are carried out, each with its own outcome",
  scope: "resource",
  needs: [writes("create")],
  run: async (stand) => {
    const max = stand.spec.write.create?.max ?? 1
    if (max > 200) throw new Skip(`a call takes ${max} creates, more than the kit leaves behind in a system`)
    const ops = Array.from({ length: max }, () => createOp(stand))
    const outcomes = inOrder(ops, await stand.connector.push(stand.resource, ops))
    const failed = outcomes.find(({ status }) => status !== "applied")
    must(failed === undefined, () => `of ${max} creates at once, as many as it declares, one is ${show(failed)}`)
    const ids = outcomes.map((outcome) => (outcome.status === "applied" ? outcome.id : ""))
    must(new Set(ids).size === max, `${max} creates at once have ${new Set(ids).size} different ids`)
    await lag(stand, "byId")
    const there = await seeAll(stand, ids)
    for (const [index, id] of ids.entries()) {
      const change = there.get(id)
      must(change !== undefined, `of ${max} creates at once, ${id} is not there`)
      mustRead(stand, change.item, ops[index]?.set ?? {}, `of ${max} creates at once, ${id} has somebody else's values`)
    }
  },
}

export const writeChecks: readonly Check[] = [create, visible, unnamed, answered, unset, identical, chain, full]
