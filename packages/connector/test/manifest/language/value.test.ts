import { describe, expect, it } from "vitest"
import type { Json } from "../../../src/index.ts"
import { parseYaml, Report } from "../../../src/language/index.ts"
import { address, setting } from "../../../src/manifest/language/address.ts"
import { PLACES } from "../../../src/manifest/language/names.ts"
import { condition, value } from "../../../src/manifest/language/value.ts"

function read<T>(shape: { read: (node: NonNullable<ReturnType<typeof parseYaml>>, report: Report) => T | undefined }, text: string): T {
  const report = new Report()
  const node = parseYaml("x", text, report)
  const found = node === null ? undefined : shape.read(node, report)
  if (found === undefined || report.failed)
    throw new Error(
      report
        .list()
        .map((problem) => problem.message)
        .join("; "),
    )
  return found
}

const op: Json = { id: "7", set: { email: "a@b.c", name: null, note: "" }, item: { tags: ["x"] } }
const run = (text: string) => read(value(PLACES.single), text).run({ op, config: {} })

describe("a value", () => {
  it("is literal unless it starts with =", () => {
    expect([run("abc"), run("5"), run("true"), run("op.id"), run('"{op.id}"')]).toEqual(["abc", 5, true, "op.id", "{op.id}"])
    expect(run("=op.id")).toBe("7")
    expect(run("'=\"=\" + op.id'")).toBe("=7")
  })

  it("keeps values as JSON has them: nulls, empty texts, lists, mappings", () => {
    expect(run("=op.set")).toEqual({ email: "a@b.c", name: null, note: "" })
    expect(run("{ a: =op.set.note, b: =op.nothing, c: [=op.item.tags, 1] }")).toEqual({ a: "", b: null, c: [["x"], 1] })
    expect(run("'=merge({\"id\": op.id}, op.set)'")).toEqual({ id: "7", email: "a@b.c", name: null, note: "" })
  })

  it("leaves a key out where `name?` is null, and joins a mapping in with `...`", () => {
    expect(run("{ a?: =op.set.name, b?: =op.set.note, '...': =op.set, email: over }")).toEqual({
      b: "",
      email: "over",
      name: null,
      note: "",
    })
    expect(() => run("{ '...': =op.id }")).toThrow(/only a mapping can be joined in/)
  })

  it("is made once where it is constant", () => {
    const constant = read(value(PLACES.single), "{ a: [1, { b: c }] }")
    expect(constant.reads).toBeNull()
    expect(constant.run({})).toBe(constant.run({}))
  })

  it("says where it stands when it cannot be worked out", () => {
    expect(() => read(value(PLACES.single), "\n\n=lower(op.item)").run({ op, config: {} })).toThrow(
      /^The manifest's line 3 \(=lower\(op\.item\)\)/,
    )
  })

  it("keeps a key that would change a prototype an ordinary key", () => {
    const made = read(value(PLACES.single), "{ '...': =op.set }").run({ op: { set: JSON.parse('{"__proto__":{"polluted":1}}') as Json } })
    expect(Object.keys(made as object)).toEqual(["__proto__"])
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe("functions of a manifest", () => {
  it.each([
    ['\'=firstMatch("ID: 12, ID: 13", "ID: ([0-9]+)")\'', "12"],
    ["'=firstMatch(op.set.note, \"x\")'", null],
    ["=md5(lower(op.set.email))", "5d60d4e28066df254d5452f92c910092"],
    ["'=base64(\"a:b\")'", "YTpi"],
    ['\'=omit(op.set, ["name", "note"])\'', { email: "a@b.c" }],
    ["'=pick(op.set, [\"note\"])'", { note: "" }],
    ["=keys(op.set)", ["email", "name", "note"]],
    ['\'=fromEntries(entries(op.set).map(e, {"key": "x_" + e.key, "value": e.value}))\'', { x_email: "a@b.c", x_name: null, x_note: "" }],
    ['\'=flatten({"a": {"b": 1}, "c": 2})\'', { "a.b": 1, c: 2 }],
    ['\'=parseJson("{\\"a\\": [1]}").a[0]\'', 1],
    ['\'=json({"n": 1, "of": op.item})\'', '{"n":1,"of":{"tags":["x"]}}'],
    ["=json(op.item)", '{"tags":["x"]}'],
    ["'=epoch(\"2026-01-01T00:00:00Z\")'", 1767225600],
    ["'=encode(\"a b/c\")'", "a%20b%2Fc"],
    ["'=\"n\" + 5 + 1.5'", "n51.5"],
  ])("%s", (text, result) => {
    expect(run(text)).toEqual(result)
  })
})

describe("a path", () => {
  const path = (text: string, id: Json) => read(address(PLACES.single), text).run({ op: { id }, config: {} })

  it("encodes what is filled in, as one part", () => {
    expect(path("/people/{op.id}/x", "a/b?c#d e%")).toBe("/people/a%2Fb%3Fc%23d%20e%25/x")
    expect(path("/people/{op.id}", 12)).toBe("/people/12")
    expect(path("'/people/{op.id + \"}\"}'", "a")).toBe("/people/a%7D")
  })

  it.each([[null], [""], ["."], [".."], [{ a: 1 }]])("is refused where %j would be filled in", (id) => {
    expect(() => path("/people/{op.id}", id)).toThrow(/makes no path/)
  })
})

describe("a setting", () => {
  it("is a secret by name, an expression, or a text with both", () => {
    const config = { token: "t", host: "acme", port: 80 }
    const of = (text: string) => read(setting("a setting"), text)
    expect(of("{ secret: token }").run(config)).toBe("t")
    expect([of("{ secret: token }").secret, of("{ secret: token }").uses]).toEqual([true, ["token"]])
    expect(of("https://{config.host}.test:{config.port}/v1").run(config)).toBe("https://acme.test:80/v1")
    expect(of("'=config.host + \"!\"'").run(config)).toBe("acme!")
  })
})

describe("a condition", () => {
  it("that is blank is false", () => {
    const holds = read(condition(PLACES.condition), "=res.body.ok")
    expect([
      holds.run({ res: { body: { ok: true } } }),
      holds.run({ res: { body: {} } }),
      holds.run({ res: { body: { ok: "yes" } } }),
    ]).toEqual([true, false, false])
  })
})
