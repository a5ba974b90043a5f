import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { JsonObject } from "../../../src/index.ts"
import { objectsIn, op, schema, stage } from "./stage.ts"

const byRef = (more = "") => `${schema}
write:
  update:
    batch:
      max: 3
      request: { path: /batch, body: { inputs: =items } }
      ok: { each: =res.body.results, ref: =item.ref, id: =item.id, record: =item.thing }
      failed: { each: =res.body.errors, ref: =item.refs, message: =item.message }
${more.replaceAll(/^/gm, "      ")}
    wire: { ref: =op.ref, id: =op.id, set: =op.set }`

const applied = (input: JsonObject) => ({ ref: input["ref"], id: input["id"], thing: { id: input["id"], rev: 2, name: "x" } })
const six = () => ["1", "2", "3", "4", "5", "6", "7"].map((id) => op("update", id, { name: `n${id}` }))

test("operations travel in batches of the allowed size, and each gets its own item, version and id", async () => {
  const { connector, seen } = await stage(byRef(), ({ body }) => ({
    body: { results: objectsIn(body, "inputs").map(applied).toReversed() },
  }))
  const ops = six()
  const outcomes = await connector.push("things", ops)
  expect(seen.map(({ body }) => objectsIn(body, "inputs").length)).toEqual([3, 3, 1])
  expect(outcomes).toEqual(ops.map(({ ref, id }) => ({ ref, status: "applied", id, version: "2", item: { id, rev: 2, name: "x" } })))
})

test("whatever an answer leaves out, repeats, adds or mixes up, each operation has one outcome, and only true ones are certain", async () => {
  const verdict = fc.constantFrom("ok", "failed", "both", "twice", "missing", "stranger")
  let verdicts: string[] = []
  const { connector } = await stage(byRef(), ({ body }) => {
    const inputs = objectsIn(body, "inputs")
    const results: unknown[] = []
    const errors: unknown[] = []
    inputs.forEach((input, index) => {
      const kind = verdicts[index]
      if (kind === "ok" || kind === "both") results.push(applied(input))
      if (kind === "twice") results.push(applied(input), applied(input))
      if (kind === "failed" || kind === "both") errors.push({ refs: [input["ref"]], message: "no" })
      if (kind === "stranger") results.push({ ...applied(input), ref: "somebody" })
    })
    return { body: { results: results.toReversed(), errors } }
  })
  await fc.assert(
    fc.asyncProperty(fc.array(verdict, { minLength: 1, maxLength: 3 }), async (kinds) => {
      verdicts = kinds
      const ops = kinds.map((_, index) => op("update", String(index), { name: "x" }))
      const outcomes = await connector.push("things", ops)
      expect(outcomes.map(({ ref }) => ref)).toEqual(ops.map(({ ref }) => ref))
      expect(outcomes.map(({ status }) => status)).toEqual(
        kinds.map((kind) => (kind === "ok" ? "applied" : kind === "failed" ? "failed" : "unknown")),
      )
    }),
    { numRuns: 60 },
  )
})

test("one error that names several operations blames each of them, in its words and with its fields", async () => {
  const more = `failed:
  each: =res.body.errors
  ref: =item.refs
  message: =item.message
  fields: =item.wrong
  errors: [{ when: =item.code == "TAKEN", class: duplicate, existingId: =item.holder }]`
  const yaml = byRef().replace(/ {6}failed: .*\n/, `${more.replaceAll(/^/gm, "      ")}\n`)
  const ops = six().slice(0, 3)
  const { connector } = await stage(yaml, ({ body }) => {
    const [first, second, third] = objectsIn(body, "inputs")
    return {
      status: 207,
      body: {
        results: [applied(second ?? {})],
        errors: [
          { refs: [first?.["ref"]], message: "bad city", wrong: { "address.city": "unknown" } },
          { refs: [third?.["ref"]], code: "TAKEN", message: "taken", holder: 77 },
        ],
      },
    }
  })
  const outcomes = await connector.push("things", ops)
  expect(outcomes).toMatchObject([
    { status: "failed", fault: { class: "invalid", message: "bad city", fields: { "address.city": "unknown" } } },
    { status: "applied" },
    { status: "failed", fault: { class: "duplicate", existingId: "77" } },
  ])
})

const inOrder = `${schema}
write:
  create:
    batch:
      max: 10
      request: { path: /batch, body: { records: =items } }
      ok: { each: =res.body, when: =item.success, id: =item.id }
      failed: { each: =res.body, when: =!item.success, message: '=item.errors[0].message', errors: [{ when: '=item.errors[0].code == "DUP"', class: duplicate }] }
  update:
    batch:
      max: 10
      request: { method: PATCH, path: /batch, body: { records: =items } }
      ok: { each: =res.body, when: =item.success, id: =item.id }
      failed: { each: =res.body, when: =!item.success }`

test("results in order are matched by order; an answer that is too short or too long says nothing of creates", async () => {
  const good = (id: string) => ({ success: true, id })
  const bad = (code: string) => ({ success: false, errors: [{ code, message: `because ${code}` }] })
  const answers = [
    [good("a"), bad("DUP"), good("c")],
    [good("a"), good("b")],
    [good("a"), good("b"), good("c"), good("d")],
  ]
  const { connector } = await stage(inOrder, (_request, count) => ({ body: answers[count - 1] }))
  const creates = () => [1, 2, 3].map(() => op("create", null, { name: "x" }))
  expect(await connector.push("things", creates())).toMatchObject([
    { status: "applied", id: "a" },
    { status: "failed", fault: { class: "duplicate", message: "because DUP" } },
    { status: "applied", id: "c" },
  ])
  expect((await connector.push("things", creates())).map(({ status }) => status)).toEqual(["unknown", "unknown", "unknown"])
  expect((await connector.push("things", creates())).map(({ status }) => status)).toEqual(["unknown", "unknown", "unknown"])
})

test("results in another order than the operations are noticed by their ids", async () => {
  const { connector } = await stage(inOrder, () => ({
    body: [
      { success: true, id: "2" },
      { success: true, id: "1" },
      { success: true, id: "3" },
    ],
  }))
  const outcomes = await connector.push(
    "things",
    ["1", "2", "3"].map((id) => op("update", id, { name: "x" })),
  )
  expect(outcomes.map(({ status }) => status)).toEqual(["unknown", "unknown", "applied"])
})

const byKey = `${schema}
write:
  create:
    batch:
      max: 10
      match: key
      key: =lower(op.set.name)
      request: { path: /batch, body: { members: =items } }
      ok: { each: =res.body.members, ref: =lower(item.name), id: =item.id }
      failed: { each: =res.body.errors, ref: =lower(item.name) }`

test("results that are named by a key find their operations; two operations of one key go in separate requests", async () => {
  const { connector, seen } = await stage(byKey, ({ body }) => ({
    body: {
      members: objectsIn(body, "members").map(({ name }, index) => ({ name: String(name).toUpperCase(), id: `${String(name)}-${index}` })),
      errors: [],
    },
  }))
  const outcomes = await connector.push(
    "things",
    ["ann", "bob", "Ann"].map((name) => op("create", null, { name })),
  )
  expect(seen.map(({ body }) => objectsIn(body, "members").map(({ name }) => name))).toEqual([["ann", "bob"], ["Ann"]])
  expect(outcomes).toMatchObject([{ id: "ann-0" }, { id: "bob-1" }, { id: "Ann-0" }])
})

describe("what an answer passes over in silence", () => {
  const silent = (verdict: string, single = "") => byRef(`unmatched: ${verdict}`) + single

  test("is unknown", async () => {
    const { connector } = await stage(silent("unknown"), () => ({ body: { results: [], errors: [] } }))
    expect(await connector.push("things", [op("update", "1"), op("update", "2")])).toMatchObject([
      { status: "unknown" },
      { status: "unknown" },
    ])
  })

  test("is tried alone where the manifest says that silence means not done", async () => {
    const single = `
    request: { method: PATCH, path: "/things/{op.id}", body: =op.set }
    ok: { id: =res.body.id }`
    const { connector, seen } = await stage(silent("retrySingly", single), ({ path, body }) =>
      path === "/batch"
        ? { body: { results: objectsIn(body, "inputs").slice(0, 1).map(applied) } }
        : { body: { id: path.slice("/things/".length) } },
    )
    const outcomes = await connector.push(
      "things",
      ["1", "2", "3"].map((id) => op("update", id, { name: "x" })),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied", "applied"])
    expect(seen.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(["PATCH /things/2", "PATCH /things/3", "POST /batch"])
  })

  test("is applied where the manifest says that no news are good news", async () => {
    const { connector } = await stage(silent("applied"), ({ body }) => ({
      body: { errors: [{ refs: [objectsIn(body, "inputs")[0]?.["ref"]], message: "no" }] },
    }))
    expect((await connector.push("things", [op("update", "1"), op("update", "2")])).map(({ status }) => status)).toEqual([
      "failed",
      "applied",
    ])
  })
})

describe("a batch that is refused whole", () => {
  const atomic = byRef("atomic: batch").replace("max: 3", "max: 8")

  test("is halved until the operation is found that is to blame; the others are applied, each once", async () => {
    const done: unknown[] = []
    const { connector } = await stage(atomic, ({ body }) => {
      const inputs = objectsIn(body, "inputs")
      if (inputs.some(({ id }) => id === "5")) return { status: 422, body: { detail: "5 is bad" } }
      done.push(...inputs.map(({ id }) => id))
      return { body: { results: inputs.map(applied) } }
    })
    const outcomes = await connector.push("things", six())
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied", "applied", "applied", "failed", "applied", "applied"])
    expect(outcomes[4]).toMatchObject({ fault: { class: "invalid", message: expect.stringContaining("5 is bad") } })
    expect(done.toSorted()).toEqual(["1", "2", "3", "4", "6", "7"])
  })

  test("for its rate rejects as a whole, so that the engine waits", async () => {
    const { connector, seen } = await stage(byRef(), () => ({ status: 429, headers: { "retry-after": "7" }, body: {} }))
    await expect(connector.push("things", six())).rejects.toMatchObject({ fault: { class: "rateLimited", retryAfterMs: 7000 } })
    expect(seen).toHaveLength(1)
  })

  test("after another one went through fails what was not sent, and does not try on", async () => {
    const { connector, seen } = await stage(byRef(), ({ body }, count) =>
      count === 1 ? { body: { results: objectsIn(body, "inputs").map(applied) } } : { status: 503, body: {} },
    )
    const outcomes = await connector.push("things", six())
    expect(outcomes.map(({ status }) => status)).toEqual(["applied", "applied", "applied", "failed", "failed", "failed", "failed"])
    expect(seen).toHaveLength(2)
  })
})

test.each([
  ["no answer", "hang up" as const],
  ["a 500", { status: 500, body: {} }],
  ["half a document", { body: '{"results": [' }],
  ["a web page", { body: "<html>login</html>", headers: { "content-type": "text/html" } }],
  ["a document of another shape", { body: { results: { a: 1 } } }],
])("%s leaves every operation of the batch unknown", async (_title, answer) => {
  const { connector } = await stage(byRef(), () => answer)
  const outcomes = await connector.push("things", [op("update", "1"), op("update", "2")])
  expect(outcomes.map(({ status }) => status)).toEqual(["unknown", "unknown"])
})

test("a secret that a system repeats among the words of an element is not passed on", async () => {
  const top = "auth: { type: bearer, token: { secret: token } }"
  const answer = { errors: [{ refs: ["r-secret"], message: "Bearer canary-77 may not", wrong: { "canary-77": "no" } }] }
  const { connector } = await stage(
    byRef().replace("message: =item.message", "message: =item.message, fields: =item.wrong"),
    () => ({ body: answer }),
    { top, config: { token: "canary-77" } },
  )
  const outcomes = await connector.push("things", [op("update", "1", { name: "x" }, { ref: "r-secret" })])
  expect(outcomes).toMatchObject([{ status: "failed", fault: { message: "Bearer <redacted> may not" } }])
  expect(JSON.stringify(outcomes)).not.toContain("canary")
})
