import { inspect } from "node:util"
import fc from "fast-check"
import { expect, test } from "vitest"
import { createRedactor, Secret } from "../../src/index.ts"

test("a secret shows itself in no way of printing", () => {
  const secret = new Secret("canary-1")
  expect(
    [String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ secret }), inspect(secret, { showHidden: true })].join(),
  ).not.toContain("canary")
  expect(secret.reveal()).toBe("canary-1")
})

test("a secret is found as it is, percent-encoded, form-encoded, in a JSON string and in base64", () => {
  const secret = 'p@ss "word"/+ü-'
  const redact = createRedactor([secret])
  for (const spelling of [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll("%20", "+"),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("base64url"),
  ]) {
    expect(redact(`before ${spelling} after`)).toBe("before <redacted> after")
  }
})

test("a secret that begins with another one is replaced as a whole", () => {
  expect(createRedactor(["abcd", "abcd1234"])("abcd1234 abcd")).toBe("<redacted> <redacted>")
})

test("a very short secret is replaced only where it stands alone", () => {
  expect(createRedactor(["ab"])("ab cab able ab.")).toBe("<redacted> cab able <redacted>.")
})

test("no secrets, or empty ones, change nothing", () => {
  expect(createRedactor([])("text")).toBe("text")
  expect(createRedactor([""])("text")).toBe("text")
})

test("any secret of four characters and more is gone from any text", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 4, unit: "grapheme" }), { minLength: 1, maxLength: 4 }),
      fc.string(),
      fc.string(),
      (secrets, before, after) => {
        const redact = createRedactor(secrets)
        for (const secret of secrets) {
          const rest = redact(before + secret + after).split("<redacted>")
          expect(rest.some((part) => part.includes(secret))).toBe(false)
        }
      },
    ),
  )
})
