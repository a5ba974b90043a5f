// Hostile arguments and files as data: what lies in the folder, what is typed, and how the command must end.
import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { file, type ArgumentCase } from "./argument-case.ts"
import { DEVICE_CASES, PLAN_CASES, STORE_CASES } from "./kept-files.ts"

const changed =
  (change: (text: string) => string) =>
  (folder: string): void =>
    writeFileSync(join(folder, "pipeline.yaml"), change(readFileSync(join(folder, "pipeline.yaml"), "utf8")))

const numbers: readonly ArgumentCase[] = [
  "-1",
  "1.5",
  "1e3",
  "0x10",
  "NaN",
  "Infinity",
  " 1",
  "65536",
  "99999999999999999999",
  "١",
  "1;ls",
  "--json",
].map((text) => ({ name: `the port ${JSON.stringify(text)}`, args: ["mock", "crm", `--port=${text}`], code: 2, says: /whole number/ }))

const allowances: readonly ArgumentCase[] = [
  "delete",
  "delete=",
  "delete=-1",
  "delete=1e9",
  "delete=9999999999",
  "__proto__=1",
  "constructor=1",
  "=1",
  "delete=1=1",
].map((text) => ({ name: `the allowance ${text}`, args: ["run", "--allow", text], code: 2, says: /delete=200/ }))

const stores: readonly ArgumentCase[] = [
  ["postgres://127.0.0.1/x", /sqlite:PATH/],
  ["", /sqlite:PATH/],
  ["sqlite:", /sqlite:PATH/],
  ["state.db", /sqlite:PATH/],
  ["file:state.db?mode=memory", /sqlite:PATH/],
  ["SQLITE:state.db", /sqlite:PATH/],
].map(([text, says]) => ({
  name: `the store ${JSON.stringify(text)}`,
  args: ["status", `--store=${String(text)}`],
  code: 2,
  says: says as RegExp,
}))

const unknown: readonly ArgumentCase[] = [
  { name: "an option named __proto__", args: ["run", "--__proto__=x"], code: 2, says: /unknown option/ },
  { name: "an option named constructor", args: ["status", "--constructor"], code: 2, says: /unknown option/ },
  { name: "a command named constructor", args: ["constructor"], code: 2, says: /unknown command/ },
  { name: "a command named toString", args: ["toString"], code: 2, says: /unknown command/ },
  { name: "a command of escape sequences", args: ["\u001b[2Jrun"], code: 2, says: /unknown command/ },
  { name: "an argument too many", args: ["plan", "pipeline.yaml", "other.yaml"], code: 2, says: /too many arguments/ },
  { name: "an argument of half a letter", args: ["plan", "\ufffd\ufffd.yaml"], code: 2, says: /There is no file/ },
  { name: "a lone surrogate as a file", args: ["plan", "\ud800.yaml"], code: 2, says: /There is no file/ },
  { name: "a file with NUL in its name", args: ["plan", "a\u0000b.yaml"], code: 2, says: /There is no file/ },
  { name: "a file name of 100 000 characters", args: ["plan", `${"x".repeat(100_000)}.yaml`], code: 2, says: /There is no file/ },
  { name: "a file beyond a file", args: ["plan", "pipeline.yaml/inner.yaml"], code: 2, says: /There is no file/ },
  { name: "a file outside that is not there", args: ["plan", "../../../../nowhere/pipeline.yaml"], code: 2, says: /There is no file/ },
  { name: "a starter named __proto__", args: ["init", "new", "--from", "__proto__"], code: 2, says: /crm-email/ },
  { name: "a mock of nothing", args: ["mock", "__proto__"], code: 2, says: /There is no fake "__proto__"/ },
  { name: "a review kind named __proto__", args: ["review", "list", "--kind", "__proto__"], code: 2, says: /conflict/ },
]

const pipelines: readonly ArgumentCase[] = [
  { name: "a device without end as a pipeline", args: ["plan", "/dev/zero"], code: 2, says: /is not a file/ },
  {
    name: "a pipe as a pipeline",
    given: (folder) => void execFileSync("mkfifo", [join(folder, "p.yaml")]),
    args: ["check", "p.yaml"],
    code: 2,
    says: /is not a file/,
  },
  {
    name: "an empty folder as a pipeline",
    given: (folder) => mkdirSync(join(folder, "empty")),
    args: ["plan", "empty"],
    code: 2,
    says: /holds no pipeline.yaml/,
  },
  {
    name: "a folder named pipeline.yaml",
    given: (folder) => mkdirSync(join(folder, "d", "pipeline.yaml"), { recursive: true }),
    args: ["plan", "d"],
    code: 2,
    says: /is not a file/,
  },
  {
    name: "a link in circles as a pipeline",
    given: (folder) => symlinkSync("loop.yaml", join(folder, "loop.yaml")),
    args: ["plan", "loop.yaml"],
    code: 2,
    says: /There is no file/,
  },
  {
    name: "a link to nothing as a pipeline",
    given: (folder) => symlinkSync("gone.yaml", join(folder, "l.yaml")),
    args: ["plan", "l.yaml"],
    code: 2,
    says: /There is no file/,
  },
  {
    name: "a huge file as a pipeline",
    given: (folder) => (writeFileSync(join(folder, "h.yaml"), ""), truncateSync(join(folder, "h.yaml"), 5_000_000_000)),
    args: ["status", "h.yaml"],
    code: 2,
    says: /larger than 4 MiB/,
  },
  {
    name: "random bytes as a pipeline",
    given: file("b.yaml", Buffer.from(Array.from({ length: 4_000 }, (_, at) => (at * 7919) % 256))),
    args: ["check", "b.yaml", "--offline"],
    code: 2,
    says: /b.yaml has/,
  },
  {
    name: "NUL bytes as a pipeline",
    given: file("n.yaml", Buffer.alloc(1_000)),
    args: ["check", "n.yaml", "--offline"],
    code: 2,
    says: /n.yaml has/,
  },
  {
    name: "a PNG as a pipeline",
    given: file("p.yaml", Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13])),
    args: ["plan", "p.yaml"],
    code: 2,
    says: /p.yaml has/,
  },
  { name: "an empty pipeline", given: file("e.yaml", ""), args: ["check", "e.yaml", "--offline"], code: 2, says: /e.yaml has/ },
  {
    name: "an alias bomb as a pipeline",
    given: file(
      "a.yaml",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[..."bcdefghi"].map((c, at) => `${c}: &${c} [${Array.from({ length: 9 }, () => `*${"abcdefgh"[at]}`).join()}]`).join("\n")}\n`,
    ),
    args: ["check", "a.yaml", "--offline"],
    code: 2,
    says: /a.yaml has/,
  },
  {
    name: "an anchor that holds itself",
    given: file("c.yaml", "version: 1\nname: &a\n  b: *a\n"),
    args: ["check", "c.yaml", "--offline"],
    code: 2,
    says: /c.yaml has/,
  },
  {
    name: "a pipeline 100 000 levels deep",
    given: file("d.yaml", "[".repeat(100_000)),
    args: ["check", "d.yaml", "--offline"],
    code: 2,
    says: /d.yaml has/,
  },
  {
    name: "a deep pipeline when only its name is wanted",
    given: file("d.yaml", `name: x\nsystems: ${"[".repeat(50_000)}${"]".repeat(50_000)}`),
    args: ["status", "d.yaml"],
    code: 0,
    says: /^$/,
  },
  {
    name: "a name that climbs folders",
    given: changed((text) => text.replace("name: crm-email", "name: ../../outside")),
    args: ["status"],
    code: 2,
    says: /names no pipeline/,
  },
  {
    name: "a name that is a path",
    given: changed((text) => text.replace("name: crm-email", "name: /tmp/x")),
    args: ["status"],
    code: 2,
    says: /names no pipeline/,
  },
  {
    name: "a schema outside the folder",
    given: changed((text) => text.replace("./person.schema.json", "../person.schema.json")),
    args: ["check", "--offline"],
    code: 2,
    says: /outside/,
  },
  {
    name: "a schema that is a link out of the folder",
    given: (folder) => {
      symlinkSync("/etc/hostname", join(folder, "link.json"))
      changed((text) => text.replace("./person.schema.json", "./link.json"))(folder)
    },
    args: ["check", "--offline"],
    code: 2,
    says: /outside/,
  },
  {
    name: "a secret out of a file outside the folder",
    given: changed((text) => text.replace("${CRM_TOKEN:-demo-token}", "${file:../../../../etc/hostname}")),
    args: ["check", "--offline"],
    code: 2,
    says: /outside/,
  },
  {
    name: "a connector outside every package",
    given: changed((text) => text.replace("connector: mock-crm ", "connector: ../../../../etc/passwd ")),
    args: ["check", "--offline"],
    code: 2,
    says: /connector/,
  },
  {
    name: "a connector named __proto__",
    given: changed((text) => text.replace("connector: mock-crm ", "connector: __proto__ ")),
    args: ["check", "--offline"],
    code: 2,
    says: /connector/,
  },
  {
    name: "a connector that is a script in a text",
    given: changed((text) => text.replace("connector: mock-crm ", 'connector: "data:text/javascript,process.exit(0)" ')),
    args: ["check", "--offline"],
    code: 2,
    says: /connector/,
  },
]

export const ARGUMENT_CASES: readonly ArgumentCase[] = [
  ...numbers,
  ...allowances,
  ...stores,
  ...unknown,
  ...pipelines,
  ...PLAN_CASES,
  ...DEVICE_CASES,
  ...STORE_CASES,
]
