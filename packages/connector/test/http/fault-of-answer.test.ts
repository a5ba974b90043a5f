import { describe, expect, test } from "vitest"
import { faultOfAnswer, type FaultClass, type Json } from "../../src/index.ts"

const fault = (status: number, body: Json = null, headers: Record<string, string> = {}, safe = false) =>
  faultOfAnswer({ status, headers, body }, { safe, nowMs: Date.UTC(2026, 0, 1) })

test.each<[number, FaultClass, FaultClass]>([
  [400, "invalid", "invalid"],
  [401, "auth", "auth"],
  [403, "forbidden", "forbidden"],
  [404, "notFound", "notFound"],
  [405, "invalid", "invalid"],
  [408, "transient", "transient"],
  [409, "conflict", "conflict"],
  [410, "gone", "gone"],
  [412, "conflict", "conflict"],
  [413, "invalid", "invalid"],
  [418, "invalid", "invalid"],
  [422, "invalid", "invalid"],
  [428, "conflict", "conflict"],
  [429, "rateLimited", "rateLimited"],
  [500, "unknown", "transient"],
  [502, "unknown", "transient"],
  [503, "transient", "transient"],
  [504, "unknown", "transient"],
  [599, "unknown", "transient"],
  [304, "transient", "transient"],
])("%i is %s for a change and %s for a read", (status, change, read) => {
  expect(fault(status).class).toBe(change)
  expect(fault(status, null, {}, true).class).toBe(read)
})

describe("the system's own words", () => {
  test("a problem's detail goes before its title", () => {
    expect(fault(422, { type: "about:blank", title: "Unprocessable", detail: "Stage is unknown." }).message).toBe(
      "The system answered 422: Stage is unknown.",
    )
    expect(fault(400, { title: "Bad request" }).message).toBe("The system answered 400: Bad request")
    expect(fault(400, { error: { message: "no such list" } }).message).toBe("The system answered 400: no such list")
    expect(fault(400, "text").message).toBe("The system answered 400.")
  })

  test.each<[string, Json]>([
    [
      "pointers",
      {
        errors: [
          { pointer: "#/address/city", detail: "too long" },
          { pointer: "/email", detail: "taken" },
        ],
      },
    ],
    [
      "sources",
      {
        errors: [
          { source: { pointer: "/address/city" }, detail: "too long" },
          { source: { pointer: "/email" }, title: "taken" },
        ],
      },
    ],
    [
      "fields",
      {
        errors: [
          { field: "address.city", message: "too long" },
          { field: "email", message: "taken" },
        ],
      },
    ],
    ["a map", { errors: { "address.city": ["too long", "odd"], email: "taken" } }],
    ["a map of objects", { errors: { "address.city": [{ message: "too long" }], email: { message: "taken" } } }],
    [
      "invalid-params",
      {
        "invalid-params": [
          { name: "address.city", reason: "too long" },
          { name: "email", reason: "taken" },
        ],
      },
    ],
  ])("the fields in trouble are found in %s", (_title, body) => {
    expect(fault(422, body).fields).toEqual({ "address.city": "too long", email: "taken" })
  })

  test("a hostile body is cut short and cleaned", () => {
    const errors = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, "\u001b[2J".repeat(1000)]))
    const said = fault(422, { detail: `\u001b]0;title\u0007${"a".repeat(100_000)}`, errors })
    expect(said.message.length).toBeLessThan(250)
    expect(Object.keys(said.fields ?? {})).toHaveLength(50)
    expect(JSON.stringify(said)).not.toMatch(/\\u001b|\\u0007/)
  })

  test.each<Json>([[], { errors: 7 }, { errors: [null, 1, {}, { field: 3 }] }, { detail: { a: 1 }, title: [] }, { errors: null }])(
    "odd shapes are no trouble: %j",
    (body) => {
      expect(fault(422, body)).toEqual({ class: "invalid", message: "The system answered 422.", status: 422 })
    },
  )
})

describe("duplicates", () => {
  test.each<[number, Json]>([
    [409, { type: "https://crm.example/problems/duplicate", existingId: "c-7" }],
    [409, { code: "already_exists", existing_id: "c-7" }],
    [400, { type: "urn:already-exists", existing: { id: "c-7" } }],
    [422, { error: "DUPLICATE_VALUE", existing: "c-7" }],
  ])("%i %j is a duplicate and names the existing item", (status, body) => {
    expect(fault(status, body)).toMatchObject({ class: "duplicate", existingId: "c-7" })
  })

  test("a plain 409 is a conflict", () => {
    expect(fault(409, { type: "https://crm.example/problems/version", existingId: "c-7" })).not.toHaveProperty("existingId")
  })
})

describe("Retry-After", () => {
  const now = new Date(Date.UTC(2026, 0, 1)).toUTCString()
  test.each<[string, Record<string, string>, number | undefined]>([
    ["seconds", { "retry-after": "120" }, 120_000],
    ["parts of a second", { "retry-after": "0.5" }, 500],
    ["a date", { "retry-after": new Date(Date.UTC(2026, 0, 1, 0, 1)).toUTCString() }, 60_000],
    ["a date by the system's own clock", { "retry-after": "Fri, 02 Jan 2026 10:00:30 GMT", date: "Fri, 02 Jan 2026 10:00:00 GMT" }, 30_000],
    ["a date in the past", { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT", date: now }, 0],
    ["a year", { "retry-after": "31536000" }, 86_400_000],
    ["nonsense", { "retry-after": "later" }, undefined],
    ["a negative number", { "retry-after": "-3" }, undefined],
    ["a bare year that parses as a date", { "retry-after": "January 2030" }, undefined],
    ["nothing", {}, undefined],
  ])("%s", (_title, headers, expected) => {
    expect(fault(503, null, headers).retryAfterMs).toBe(expected)
  })
})
