// Lookups: one answer per value, in order, and absence only where the system said so.
import { type LookupAnswer } from "@syncline/connector"
import { type Check, must, show, Skip } from "../check.ts"
import { items, lookup, wire } from "../needs.ts"
import { make } from "../stand/items.ts"
import { lag } from "../stand/lag.ts"
import { at } from "../stand/paths.ts"
import { answer, type Deed } from "../wire/exchange.ts"

const idIn = (one: LookupAnswer | undefined): string | undefined => (one !== undefined && "found" in one ? one.found.id : undefined)
const absent = (one: LookupAnswer | undefined): boolean =>
  one !== undefined && "fault" in one && (one.fault.class === "notFound" || one.fault.class === "gone")

const byId: Check = {
  name: "lookup-in-order",
  area: "read",
  says: "a lookup gives one answer for each value, in the order of the values, the missing and the repeated ones included",
  scope: "resource",
  needs: [lookup(), items],
  run: async (stand) => {
    const { connector, resource, spec } = stand
    const made = await make(stand, 4)
    await lag(stand, "byId")
    const [a, b, c, d] = made
    must(a !== undefined && b !== undefined && c !== undefined && d !== undefined, "nothing was made")
    for (const by of spec.read.lookup?.by ?? []) {
      const value = (one: typeof a): string | undefined =>
        by === "id" ? one.id : by === "secondary" ? (one.secondary ?? one.change.secondary) : keyOf(stand, one.change.item, by)
      const [va, vb, vc, vd] = [value(a), value(b), value(c), value(d)]
      if (va === undefined || vb === undefined || vc === undefined || vd === undefined) continue
      const missing = nobody(by, va)
      const values = [vc, missing, va, vd, vb, va].slice(0, Math.max(1, spec.read.lookup?.max ?? 1))
      const wanted = [c.id, undefined, a.id, d.id, b.id, a.id].slice(0, values.length)
      const answers = await connector.lookup(resource, by, values)
      must(answers.length === values.length, `a lookup of ${values.length} values by ${by} has ${answers.length} answers`)
      answers.forEach((one, index) => {
        const want = wanted[index]
        if (want === undefined) must(absent(one), () => `a lookup by ${by} of ${values[index]}, which nobody has, answers ${show(one)}`)
        else
          must(
            idIn(one) === want,
            () => `a lookup by ${by}: value ${index + 1} of ${values.length} is that of ${want}, and the answer is ${show(one)}`,
          )
      })
      if (values.length === 1)
        must(absent((await connector.lookup(resource, by, [missing]))[0]), `a lookup by ${by} finds ${missing}, which nobody has`)
    }
  },
}

/** A key's value is a text where it is one field. */
const keyOf = (
  stand: { readonly spec: { readonly keys: readonly { readonly name: string; readonly paths: readonly string[] }[] } },
  item: Parameters<typeof at>[0],
  name: string,
): string | undefined => {
  const [path, ...more] = stand.spec.keys.find((key) => key.name === name)?.paths ?? []
  if (path === undefined || more.length > 0) return undefined
  const value = at(item, path)
  return typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined
}

/** Of the same form, so that the system can judge it; some refuse what is no id of theirs. */
const nobody = (by: string, like: string): string => {
  if (by !== "id" && by !== "secondary") return like.includes("@") ? `nobody-${like}` : `nobody-${like}`
  if (/^\d+$/.test(like)) return like.length > 15 ? like.slice(0, -1) + ((Number(like.at(-1)) + 5) % 10) : String(Number(like) + 7_000_001)
  return [...like].map((letter, index) => (index < like.length - 6 ? letter : /[0-9a-f]/.test(letter) ? "0" : letter)).join("")
}

const overMax: Check = {
  name: "lookup-over-max",
  area: "read",
  says: "more values than one lookup takes are all answered",
  scope: "resource",
  needs: [lookup("id"), items],
  run: async (stand) => {
    const { connector, resource, spec } = stand
    const max = spec.read.lookup?.max ?? 1
    if (max > 1000) throw new Skip(`a lookup takes ${max} values`)
    const made = await make(stand, 2)
    await lag(stand, "byId")
    const [first, last] = made
    must(first !== undefined && last !== undefined, "nothing was made")
    for (const count of max > 1 ? [max, max + 1] : [2]) {
      const values = [first.id, ...Array.from({ length: count - 2 }, (_, index) => nobodyOf(first.id, index)), last.id]
      const answers = await connector.lookup(resource, "id", values)
      must(answers.length === count, `a lookup of ${count} ids, where ${max} go at once, has ${answers.length} answers`)
      must(
        idIn(answers[0]) === first.id && idIn(answers.at(-1)) === last.id,
        `of ${count} ids, where ${max} go at once, the first or the last one is not found`,
      )
      const [, second] = answers
      if (count > 2) must(absent(second), () => `of ${count} ids, one that nobody has is answered ${show(second)}`)
    }
  },
}

const nobodyOf = (like: string, index: number): string => {
  const digits = String(index).padStart(4, "0")
  if (/^\d+$/.test(like)) return String(BigInt(like) + 8_000_000n + BigInt(index))
  return like.length > 8 ? like.slice(0, -4) + digits : `${like}${digits}`
}

const unanswered: Check = {
  name: "lookup-without-answer",
  area: "read",
  says: "a lookup that the system did not answer proves nobody's absence",
  scope: "resource",
  needs: [wire, lookup("id"), items],
  run: async (stand) => {
    const { wire: line, resource } = stand
    const made = await make(stand, 2)
    await lag(stand, "byId")
    for (const [what, deed] of [
      ["answered 500", answer(500)],
      ["answered 503", answer(503)],
      ["answered 403", answer(403)],
      [
        "answered by a web page with status 404",
        { do: "answer", status: 404, headers: { "content-type": "text/html" }, body: "<html><body>Not found</body></html>" },
      ],
      ["answered by an empty object", { do: "answer", status: 200, headers: { "content-type": "application/json" }, body: "{}" }],
      [
        "cut in the middle",
        {
          do: "change",
          says: "cut in the middle",
          with: (whole) => ({ ...whole, body: whole.body.slice(0, Math.floor(whole.body.length / 2)) }),
        },
      ],
      ["not answered", { do: "refuse" }],
    ] as const satisfies readonly (readonly [string, Deed])[]) {
      const connector = await stand.open({ patient: true })
      line.rule(({ purpose }) => (purpose === "token" ? null : deed))
      const answers = await connector
        .lookup(
          resource,
          "id",
          made.map(({ id }) => id),
        )
        .catch(() => [])
      line.rule(null)
      for (const one of answers) must(!absent(one), () => `a lookup that was ${what} says ${show(one)} of an item that is there`)
    }
  },
}

export const lookupChecks: readonly Check[] = [byId, overMax, unanswered]
