// Pages that are not as they should be: failing, empty in the middle, with members that nobody announced.
import type { Change, Connector, Page } from "@syncline/connector"
import { type Check, must, Skip } from "../check.ts"
import { items, wire } from "../needs.ts"
import { make } from "../stand/items.ts"
import { modes } from "./read.ts"
import { scan, severalPages } from "../stand/scan.ts"
import { lag } from "../stand/lag.ts"
import { answer, type Deed } from "../wire/exchange.ts"
import { emptied, itemLists } from "../wire/tamper.ts"

/** Trouble in the middle of a scan: whatever the connector does, it must not say that it has seen everything. */
const broken: Check = {
  name: "incomplete-never-complete",
  area: "read",
  says: "a scan in which a page fails, breaks off or turns into a web page is never complete, and deletes nobody",
  scope: "resource",
  needs: [wire],
  run: async (stand) => {
    const { wire: line } = stand
    const { limit } = await severalPages(stand)
    for (const mode of modes(stand)) {
      const whole = await scan(stand, stand.connector, mode, null, { limit })
      for (const [what, deed] of BROKEN) {
        const connector = await stand.open({ patient: true })
        let pages = 0
        let spoiled = 0
        const pull: Connector["pull"] = (resource, request, options) => {
          // The first page is whole; from the second on every answer is spoiled.
          if (pages++ === 1) line.rule((asked) => (asked.purpose === "token" ? null : (spoiled++, deed)))
          return connector.pull(resource, request, options)
        }
        let result: { readonly changes: readonly Change[]; readonly last: Page } | null = null
        try {
          result = await scan(stand, { ...connector, pull }, mode, null, { limit })
        } catch {
          // The right answer.
        }
        line.rule(null)
        if (result === null || spoiled === 0) continue
        must(!result.last.complete, `a ${mode} is complete although its second page was ${what}`)
        const deletes = result.changes.filter(({ kind }) => kind === "delete").length
        must(
          deletes <= whole.changes.filter(({ kind }) => kind === "delete").length,
          `a ${mode} tells deletes because its second page was ${what}`,
        )
      }
    }
  },
}

const BROKEN = [
  ["answered 500", answer(500)],
  ["answered 403", answer(403)],
  ["answered 404", answer(404)],
  [
    "answered by a web page",
    { do: "answer", status: 200, headers: { "content-type": "text/html" }, body: "<html><body>Back soon</body></html>" },
  ],
  [
    "broken off in the middle",
    {
      do: "change",
      says: "cut in the middle",
      with: (whole) => ({ ...whole, body: whole.body.slice(0, Math.floor(whole.body.length / 2)) }),
    },
  ],
  ["an empty object", { do: "answer", status: 200, headers: { "content-type": "application/json" }, body: "{}" }],
] as const satisfies readonly (readonly [string, Deed])[]

const emptyPage: Check = {
  name: "empty-page-goes-on",
  area: "read",
  says: "a page without items that names another one is not the end",
  scope: "resource",
  needs: [wire],
  run: async (stand) => {
    const { wire: line, session } = stand
    const { limit } = await severalPages(stand)
    let tried = 0
    for (const mode of modes(stand)) {
      const begin = line.log.length
      const honest = await scan(stand, stand.connector, mode, null, { limit })
      if (honest.pages.length < 3) continue
      const ids = new Set(honest.changes.map(({ id }) => id))
      const asked = line.log.slice(begin).filter((exchange) => exchange.asked.purpose !== "token")
      // The second request that brings items, and what the third one took from its answer.
      const listing = asked.filter(({ answered }) => answered !== null && itemLists(answered.body, ids) > 0)
      const [, middle, after] = listing
      if (middle?.answered == null || after === undefined) continue
      const bare = emptied(middle.answered.body, ids)
      if (!namesNext(bare, after.asked.path + after.asked.body, middle.asked.path + middle.asked.body)) continue
      tried++
      const connector = await stand.open()
      const wanted = middle.asked
      line.rule((one) =>
        one.method === wanted.method && one.path === wanted.path && one.body === wanted.body
          ? { do: "change", says: "its items were taken out", with: (whole) => ({ ...whole, body: emptied(whole.body, ids) }) }
          : null,
      )
      const scanned = await scan(stand, connector, mode, null, { limit }).catch(() => null)
      line.rule(null)
      if (scanned === null || !scanned.last.complete) continue
      const lastPage = honest.pages.at(-1)?.changes ?? []
      const missing = lastPage.find(({ id }) => !scanned.changes.some((change) => change.id === id))
      must(
        missing === undefined,
        `a ${mode} ends, complete, at a page without items although that page names the next one: ${missing?.id} is missing`,
      )
    }
    session.cursors.delete(stand.resource)
    if (tried === 0) throw new Skip("its pages do not name the next one, so an empty page is the end")
  },
}

/** Whether an answer without its items still holds what the next request was made of and the one before was not. */
const namesNext = (bare: string, next: string, before: string): boolean => {
  const words = new Set(decodeURIComponent(next.replaceAll("+", " ")).match(/[\w=+/.:-]{2,}/g) ?? [])
  const old = new Set(decodeURIComponent(before.replaceAll("+", " ")).match(/[\w=+/.:-]{2,}/g) ?? [])
  const said = new Set(bare.match(/[\w=+/.:-]{2,}/g) ?? [])
  return [...words].some(
    (word) => !old.has(word) && (said.has(word) || [...said].some((one) => one.length >= 6 && word.includes(one) && !old.has(one))),
  )
}

const unknownFields: Check = {
  name: "unknown-fields-tolerated",
  area: "read",
  says: "members that it does not know, in an item or around it, change nothing else",
  scope: "resource",
  needs: [wire, items],
  run: async (stand) => {
    const { wire: line, connector, resource, spec } = stand
    const mode = spec.read.snapshot ? "snapshot" : "delta"
    const [made] = await make(stand, 1)
    await lag(stand, "delta")
    const before = await scan(stand, connector, mode, null)
    const ids = new Set(before.changes.map(({ id }) => id))
    const { added } = await import("../wire/tamper.ts")
    line.rule(({ purpose }) =>
      purpose === "token"
        ? null
        : { do: "change", says: "members were added", with: (whole) => ({ ...whole, body: added(whole.body, ids) }) },
    )
    const after = await scan(stand, await stand.open(), mode, null)
    line.rule(null)
    const lost = before.changes.find(({ id }) => !after.changes.some((change) => change.id === id))
    must(lost === undefined, `with members that it does not know in the answers, ${lost?.id} is not read any more`)
    must(after.last.complete === before.last.complete, "with members that it does not know in the answers, a scan is not complete any more")
    must(made !== undefined && resource !== "", "nothing was made")
  },
}

export const oddPageChecks: readonly Check[] = [broken, emptyPage, unknownFields]
