// A plan -> the files of a new connector's folder, by path. Pure but for the templates beside it.
import { readFileSync } from "node:fs"
import { isObject, type Json, type JsonObject } from "@syncline/connector"
import { stringify } from "yaml"
import type { ApiPlan, AuthPlan, ResourcePlan } from "./api-plan.ts"
import { defaultsOf } from "./openapi/collection.ts"
import { credentialsOf, manifestText, settingsIn } from "./manifest-text.ts"

export type Flavour = "manifest" | "code"

export function filesOf(plan: ApiPlan, flavour: Flavour): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const shared = { name: plan.name, title: plan.title, titleText: JSON.stringify(plan.title) }
  files.set("README.md", readmeText(plan, flavour))
  files.set("package.json", packageText(plan, flavour))
  if (flavour === "manifest") {
    files.set(`${plan.name}.connector.yaml`, manifestText(plan))
    for (const { name, schema } of plan.resources) files.set(`${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`)
  } else {
    const schema = JSON.stringify(plan.resources[0]?.schema ?? {}, null, 2).replaceAll("\n", "\n      ")
    for (const file of ["index", "person", "pull", "lookup", "push"])
      files.set(`src/${file}.ts`, template(`code-${file}.ts`, { ...shared, schema }))
  }
  files.set("conformance.yaml", conformanceText(plan))
  files.set("fake/index.ts", template("fake-index.ts", { ...shared, ...fakeParts(plan) }))
  files.set("fake/main.ts", template("fake-main.ts", shared))
  files.set("test/conformance.test.ts", template(`${flavour}-test.ts`, shared))
  return files
}

const template = (name: string, parts: Readonly<Record<string, string>>): string =>
  readFileSync(new URL(`template/${name}.txt`, import.meta.url), "utf8").replace(/\{\{(\w+)\}\}/g, (_, part: string) => parts[part] ?? "")

const conformanceText = (plan: ApiPlan): string =>
  [
    "# How the conformance kit meets this connector: `syncline connector test` starts the fake and tries everything.",
    "# Against the real thing: syncline connector test . --config baseUrl=https://… (an account for tests; items are made and deleted).",
    "fake: ./fake/index.ts",
    ...(settingsIn(plan).size === 0
      ? []
      : [stringify({ config: Object.fromEntries([...settingsIn(plan)].map((name) => [name, "demo"])) }).trimEnd()]),
    "resources:",
    ...plan.resources.flatMap((resource) => [
      `  ${resource.name}:`,
      ...(resource.create === null
        ? []
        : [
            "    # What a create sends: valid, and unlike every other. {unique} becomes a word that was never used before.",
            ...nested({ item: resource.item }),
          ]),
      ...(resource.edit === null ? [] : ["    # What an edit sends.", ...nested({ edit: resource.edit })]),
      ...(resource.text === null ? [] : ["    # A path that takes any text.", ...nested({ text: resource.text })]),
      ...(resource.clear === null ? [] : ["    # A path that may be emptied.", ...nested({ clear: resource.clear })]),
      ...(resource.invalid === null ? [] : ["    # An edit that the API refuses.", ...nested({ invalid: resource.invalid })]),
      ...(resource.paging.kind === "page" && resource.remove !== null
        ? nested({
            waive: {
              "delete-during-paging":
                "its pages are counted: one that is deleted meanwhile moves the others up; that an item is gone is confirmed by a lookup",
            },
          })
        : []),
      ...(resource.create === null && resource.edit === null ? ["    {}"] : []),
    ]),
    "",
  ].join("\n")

const nested = (value: JsonObject): readonly string[] =>
  stringify(value, { lineWidth: 100 })
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`)

const fakeParts = (plan: ApiPlan): Readonly<Record<string, string>> => ({
  resources: JSON.stringify(plan.resources.map(fakeResource), null, 2),
  credentials: JSON.stringify(Object.fromEntries(credentialsOf(plan.auth).map(([name]) => [name, demoOf(name)]))),
  ...gateOf(plan.auth),
})

const demoOf = (name: string): string => `demo-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

const gateOf = (auth: AuthPlan): { readonly gate: string; readonly helpers: string; readonly token: string; readonly state: string } => {
  switch (auth.type) {
    case "none":
      return { gate: "() => undefined", helpers: "", token: "", state: "" }
    case "bearer":
      return { gate: '(request) => (bearerOf(request) === "demo-token" ? undefined : denied)', helpers: "bearerOf, ", token: "", state: "" }
    case "basic":
      return {
        gate: '(request) => (basicOf(request)?.password === "demo-password" ? undefined : denied)',
        helpers: "basicOf, ",
        token: "",
        state: "",
      }
    case "apiKey": {
      const key =
        auth.in === "header"
          ? `request.headers[${JSON.stringify(auth.name.toLowerCase())}]`
          : `request.query.get(${JSON.stringify(auth.name)})`
      return { gate: `(request) => (${key} === "demo-api-key" ? undefined : denied)`, helpers: "", token: "", state: "" }
    }
    case "oauth2": {
      const path = /^https?:/.test(auth.tokenUrl) ? new URL(auth.tokenUrl).pathname : auth.tokenUrl
      const issue =
        '(request: FakeRequest) => (basicOf(request)?.password === "demo-client-secret" ? { status: 200, body: { access_token: `demo-access-token-${++issued}`, token_type: "Bearer", expires_in: 3600 } } : { status: 401, body: { error: "invalid_client" } })'
      return {
        gate: `(request) => (request.path === ${JSON.stringify(path)} || bearerOf(request)?.startsWith("demo-access-token") === true ? undefined : denied)`,
        helpers: "basicOf, bearerOf, ",
        token: `{ ${JSON.stringify(`POST ${path}`)}: ${issue} }, `,
        state: "let issued = 0\n\n",
      }
    }
  }
}

const fakeResource = (resource: ResourcePlan): JsonObject => {
  const { name, recordsAt, itemAt, bodyAt, id, idType, limit, since, deletedFlag, modified, readOnly, version } = resource
  const types = isObject(resource.schema["properties"]) ? Object.entries(resource.schema["properties"]) : []
  return {
    name,
    path: resource.path.replace(/\{config\.\w+\}/g, "demo"),
    recordsAt,
    itemAt,
    bodyAt,
    id,
    idType,
    paging: { ...resource.paging },
    limit,
    since,
    deletedFlag,
    version: version === null ? null : { ...version },
    modified,
    unique: resource.keys.flatMap((key) => (key.unique === true ? [key.name] : [])),
    idempotencyHeader: resource.create?.idempotencyHeader ?? null,
    ifMatch: resource.update?.ifMatch === true || resource.remove?.ifMatch === true,
    update: resource.update?.method ?? null,
    remove: resource.remove !== null,
    readOnly,
    defaults: defaultsOf(resource),
    types: Object.fromEntries(types.flatMap(([path, property]) => (isObject(property) ? typesOf(path, property) : []))),
  }
}

const typesOf = (path: string, { type }: JsonObject): readonly (readonly [string, Json])[] =>
  typeof type === "string" ? [[path, [type, "null"]]] : Array.isArray(type) ? [[path, type]] : []

const packageText = ({ name }: ApiPlan, flavour: Flavour): string =>
  `${JSON.stringify(
    {
      name: `@syncline/${name}`,
      version: "0.1.0",
      license: "Apache-2.0",
      type: "module",
      exports: { ...(flavour === "code" ? { ".": "./src/index.ts" } : {}), "./fake": "./fake/index.ts" },
      dependencies: { "@syncline/connector": "workspace:*", "@syncline/testkit": "workspace:*" },
    },
    null,
    2,
  )}\n`

const readmeText = (plan: ApiPlan, flavour: Flavour): string => {
  const { name, title, resources, auth } = plan
  const here = flavour === "manifest" ? `\`${name}.connector.yaml\`` : "`src/`"
  return [
    `# ${title}`,
    "",
    `A connector to ${title}: ${resources.map((each) => each.name).join(", ")}.`,
    "",
    "| file | holds |",
    "|---|---|",
    `| ${here} | the connector; what a person has to decide is marked \`DECIDE\` |`,
    "| `fake/` | a stand-in for the system: real HTTP, state in memory |",
    "| `conformance.yaml` | what a valid item looks like, for the checks |",
    "| `test/` | the same checks as tests |",
    "",
    "```sh",
    `syncline connector test ./${name}          # every check, against the fake`,
    `syncline connector describe ./${name}      # what it can do, and what it can promise`,
    `syncline mock ./${name} --port 4030        # the fake by itself`,
    "```",
    "",
    "In a pipeline:",
    "",
    "```yaml",
    "systems:",
    `  ${name.replace(/[^a-z0-9]/gi, "_")}:`,
    `    connector: ./${name}`,
    "    config:",
    `      baseUrl: "\${${env(name)}_URL}"`,
    ...credentialsOf(auth).map(([setting]) => `      ${setting}: "\${${env(name)}_${env(setting)}}"`),
    ...[...settingsIn(plan)].map((setting) => `      ${setting}: …`),
    "```",
    "",
    "## To be written by whoever knows the system",
    "",
    "- Which credentials to create, with which rights.",
    "- Limits: calls per time, calls at once, sizes of pages and batches.",
    "- What it guarantees, and its quirks: how late lists show a write, what it does to values, how deletes are noticed.",
    "- Unconfirmed: what the documentation says and nobody has tried yet.",
    "",
  ].join("\n")
}

const env = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase()
