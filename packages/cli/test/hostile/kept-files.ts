// Hostile plan and store files as data.
import { appendFileSync, chmodSync, copyFileSync, mkdirSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { file, type ArgumentCase } from "./argument-case.ts"

const plan = (over: object, inner: object = {}): string =>
  JSON.stringify({
    file: "pipeline.yaml",
    store: null,
    plan: { plan: 1, pipeline: "crm-email", fingerprint: "x", madeAt: 0, writes: [], guards: [], ...inner },
    ...over,
  })

export const PLAN_CASES: readonly ArgumentCase[] = (
  [
    ["a plan that is a list", "[]", /holds no plan/],
    ["a plan that is null", "null", /holds no plan/],
    ["a plan of another version", plan({}, { plan: 2 }), /holds no plan/],
    ["a plan without guards", plan({}, { guards: undefined }), /holds no plan/],
    ["a plan whose guards are a text", plan({}, { guards: "none" }), /holds no plan/],
    ["a plan whose writes are null", plan({}, { writes: [null] }), /holds no plan/],
    ["a plan whose writes name nothing", plan({}, { writes: [{}] }), /holds no plan/],
    ["a plan whose pipeline is a number", plan({}, { pipeline: 5 }), /holds no plan/],
    ["a plan with a store that is a number", plan({ store: 5 }), /holds no plan/],
    ["a plan with a store that is none", plan({ store: "postgres://x" }), /sqlite:PATH/],
    [
      "a plan 100 000 levels deep",
      `{"file":"pipeline.yaml","store":null,"plan":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`,
      /holds no plan/,
    ],
    [
      "a plan with a deep write",
      plan({}, { writes: ["@"] }).replace(
        '"@"',
        `{"binding":"a","kind":"create","label":"x","set":${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      ),
      /holds no plan/,
    ],
    ["a plan for a file outside that is not there", plan({ file: "../../nowhere.yaml" }), /There is no file/],
    ["a plan for a device", plan({ file: "../../../../../../../dev/zero" }), /is not a file|There is no file/],
    ["a plan for another pipeline", plan({}, { pipeline: "other" }), /This plan is for other/],
    ["a plan for a pipeline named in escape sequences", plan({}, { pipeline: "\u001b[2Jx\u202e" }), /This plan is for x/],
    ["a plan that is YAML", "version: 1", /is not JSON/],
    ["a plan of random bytes", Buffer.from(Array.from({ length: 999 }, (_, at) => (at * 31) % 256)), /is not JSON/],
    ["an empty plan", "", /is not JSON/],
  ] as const
).map(([name, content, says]) => ({ name, given: file("plan.json", content), args: ["apply", "plan.json"], code: 2, says }))

export const DEVICE_CASES: readonly ArgumentCase[] = [
  { name: "a folder as a plan", args: ["apply", "."], code: 2, says: /is not a file/ },
  { name: "a device without end as a plan", args: ["apply", "/dev/zero"], code: 2, says: /is not a file/ },
  {
    name: "a huge plan",
    given: (folder) => (writeFileSync(join(folder, "h.json"), ""), truncateSync(join(folder, "h.json"), 3_000_000_000)),
    args: ["apply", "h.json"],
    code: 2,
    says: /larger than any plan/,
  },
]

const foreign = (folder: string): void => copyFileSync(join(folder, "..", "foreign.db"), join(folder, "x.db"))

export const STORE_CASES: readonly ArgumentCase[] = [
  {
    name: "a store that is a database of another program",
    given: foreign,
    args: ["run", "--store", "sqlite:x.db"],
    code: 2,
    says: /another program/,
  },
  {
    name: "a store that is a database of another program, looked at",
    given: foreign,
    args: ["status", "--store", "sqlite:x.db"],
    code: 2,
    says: /another program/,
  },
  {
    name: "a store that is a text",
    given: file("x.db", "hello ".repeat(1_000)),
    args: ["run", "--store", "sqlite:x.db"],
    code: 2,
    says: /not a Syncline store[\s\S]*syncline restore FILE --from/,
  },
  {
    name: "a store that is a folder",
    given: (folder) => mkdirSync(join(folder, "x.db")),
    args: ["run", "--store", "sqlite:x.db"],
    code: 2,
    says: /cannot be opened|unable/,
  },
  { name: "a store below a file", args: ["run", "--store", "sqlite:pipeline.yaml/x.db"], code: 2, says: /cannot be opened/ },
  {
    name: "a store whose first page is damaged",
    given: (folder) => (
      foreign(folder),
      appendFileSync(join(folder, "x.db"), "x"),
      writeFileSync(join(folder, "x.db"), Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(4080, 255)]))
    ),
    args: ["run", "--store", "sqlite:x.db"],
    code: 2,
    says: /(?:damaged|not a Syncline store)[\s\S]*move it away/,
  },
  {
    name: "a pipeline as its own store",
    given: (folder) => chmodSync(join(folder, "pipeline.yaml"), 0o600),
    args: ["run", "--store", "sqlite:pipeline.yaml"],
    code: 2,
    says: /not a Syncline store[\s\S]*syncline restore FILE --from/,
  },
]
