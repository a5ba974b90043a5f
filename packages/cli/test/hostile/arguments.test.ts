// Whatever is typed or lies in the folder: a sentence and an exit code, no stack trace, no escape sequence, nothing left behind.
import { writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, test } from "vitest"
import { folder } from "../child.ts"
import { ARGUMENT_CASES } from "./arguments.ts"
import { call } from "./call.ts"

describe("the command line, given", () => {
  test.each(ARGUMENT_CASES)("$name", async ({ given, args, code, says }) => {
    const cwd = join(folder(), "inner")
    await call(dirname(cwd), ["init", "inner"])
    // another program's data, in case somebody names it as a store
    const other = new DatabaseSync(join(dirname(cwd), "foreign.db"))
    other.exec("CREATE TABLE customer (id TEXT)")
    other.close()
    given?.(cwd)
    const ended = await call(cwd, args, { CRM_URL: "http://127.0.0.1:9", EMAIL_URL: "http://127.0.0.1:9" })
    expect(ended.err).toMatch(says)
    expect(ended.err).not.toMatch(/^\s+at .*:\d+:\d+/m)
    expect(ended.err + ended.out).toMatch(/^(?:[^\p{Cc}\u202e]|\n)*$/u)
    expect(ended.code).toBe(code)
    writeFileSync(join(cwd, "still-writable"), "")
  })
})
