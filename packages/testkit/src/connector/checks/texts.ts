// Values go there and come back: what people write in every language, numbers that are texts, nothing at all.
import { isObject, type Json, type JsonSchema, type ResourceSpec } from "@syncline/connector"
import { type Check, must, show, Skip } from "../check.ts"
import { ownEdits, items } from "../needs.ts"
import { fill, type Conduct } from "../conduct.ts"
import { again, inOrder, make, opOn, see } from "../stand/items.ts"
import { lag } from "../stand/lag.ts"
import { at, leavesOf, nest, normalised, same } from "../stand/paths.ts"
import { cursorOfNow, scan, upsertOf } from "../stand/scan.ts"

/** Where any text may be written. */
export const textPath = ({ text, edit }: Conduct): string => {
  if (text !== undefined) return text
  const found = edit === undefined ? undefined : leavesOf(fill(edit, "x")).find(({ value }) => typeof value === "string")
  if (found === undefined) throw new Skip("the conformance file names no path that takes any text")
  return found.path
}

const TEXTS: readonly string[] = [
  "Zoë Ångström-O’Hara",
  "e\u0301 decomposed, é composed",
  "日本語 العربية हिन्दी 👩‍👩‍👧 𝒳",
  "007",
  "1e5",
  "12345678901234567890",
  "-0",
  "true",
  "null",
  "2026-02-30",
  'quotes " and \\ and \u2028 and </script>',
  "a=b&c=d+e%20f;g,h|i",
  "{{ x }} ${y} #{z} =1+1",
  "  spaces around  ",
  "line one\nline two",
]

/** The longest text that the schema allows, to be kept whole. */
const longest = ({ schema }: ResourceSpec, path: string): readonly string[] => {
  const property = path.split(".").reduce<JsonSchema | null>((here, name) => {
    const properties = here?.["properties"]
    const inner = isObject(properties) ? properties[name] : undefined
    return isObject(inner) ? inner : null
  }, schema)
  const most = property?.["maxLength"]
  return typeof most === "number" && most > 20 && most <= 5000 ? ["long ".repeat(most).slice(0, most - 1) + "g"] : []
}

const roundTrip: Check = {
  name: "texts-come-back",
  area: "write",
  says: "texts of every kind are read as they were written, but for what is declared as normalised",
  scope: "resource",
  needs: [ownEdits, items],
  run: async (stand) => {
    const { conduct, connector, spec, resource } = stand
    const path = textPath(conduct)
    const all = [...TEXTS, ...longest(spec, path)]
    const max = Math.max(1, Math.min(spec.write.update?.max ?? 1, all.length))
    const cursor = spec.read.delta === undefined ? null : await cursorOfNow(stand)
    const made = await make(stand, max)
    const items = [...made]
    for (let from = 0; from < all.length; from += max) {
      const texts = all.slice(from, from + max)
      const ops = texts.map((text, index) => {
        const item = items[index]
        must(item !== undefined, "nothing was made")
        return opOn(stand, "update", item, nest(path, text))
      })
      const outcomes = inOrder(ops, await connector.push(resource, ops))
      for (const [index, text] of texts.entries()) {
        const item = items[index]
        const outcome = outcomes[index]
        must(item !== undefined && outcome !== undefined, "nothing was made")
        // A system may refuse what it cannot hold; it must not hold something else.
        if (outcome.status === "failed" && outcome.fault.class === "invalid") {
          items[index] = await again(stand, item)
          continue
        }
        must(
          outcome.status === "applied",
          () => `${show(text)} in ${path} is ${outcome.status}: ${outcome.status === "applied" ? "" : outcome.fault.message}`,
        )
        const change = await see(stand, item.id)
        must(change !== undefined, `${item.id} is not there any more`)
        const wanted = normalised(spec, path, text)
        must(
          same(at(change.item, path), wanted),
          () =>
            `${path} was set to ${show(text)}${wanted === text ? "" : `, as declared ${show(wanted)}`}, and reads ${show(at(change.item, path))}`,
        )
        items[index] = { ...item, change }
      }
    }
    await lag(stand, "delta")
    const { changes } = cursor === null ? await scan(stand, connector, "snapshot", null) : await scan(stand, connector, "delta", cursor)
    for (const { id, change } of items) {
      const read: Json = at(upsertOf(changes, id)?.item ?? {}, path)
      must(
        same(read, at(change.item, path)),
        () => `${path} of ${id} reads ${show(at(change.item, path))} by lookup, and ${show(read)} in a scan`,
      )
    }
  },
}

export const textChecks: readonly Check[] = [roundTrip]
