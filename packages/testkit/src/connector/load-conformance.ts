// Finds what lies beside a connector: `conformance.ts` (exports `conformance`), or `conformance.yaml` where nothing needs
// code. Leaves a Conformance, or a ConformanceError that says which file is wrong and how.
import { existsSync, statSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { Ajv2020 } from "ajv/dist/2020.js"
import type { JsonObject } from "@syncline/connector"
import { parse } from "yaml"
import type { Conduct, Conformance, Running } from "./conduct.ts"
import { startFake } from "./start-fake.ts"

/** A mistake in what lies beside a connector; the message says what and where. */
export class ConformanceError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = "ConformanceError"
  }
}

/** The file that goes with a connector's folder, or with its manifest; null where there is none. */
export function findConformance(path: string): string | null {
  const whole = resolve(path)
  const folder = existsSync(whole) && statSync(whole).isDirectory() ? whole : dirname(whole)
  const own = basename(whole).replace(/\.connector\.ya?ml$|\.(?:ya?ml|[mc]?[jt]s)$/, "")
  const names = [`${own}.conformance`, "conformance"].flatMap((name) => [
    `${name}.ts`,
    `${name}.js`,
    `${name}.mjs`,
    `${name}.yaml`,
    `${name}.yml`,
  ])
  return names.map((name) => join(folder, name)).find((file) => existsSync(file)) ?? null
}

export async function loadConformance(path: string): Promise<Conformance> {
  const file = findConformance(path)
  if (file === null) throw new ConformanceError(`There is no conformance.ts or conformance.yaml beside ${path}.`)
  return /\.ya?ml$/.test(file) ? fromYaml(file, await readFile(file, "utf8")) : fromModule(file)
}

const fromModule = async (file: string): Promise<Conformance> => {
  let module: object
  try {
    module = await import(pathToFileURL(file).href)
  } catch (error) {
    throw new ConformanceError(`${file} cannot be loaded: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`, {
      cause: error,
    })
  }
  const exported = new Map<string, unknown>(Object.entries(module))
  const found = [exported.get("conformance"), exported.get("default")].find(isConformance)
  if (found === undefined) throw new ConformanceError(`${file} exports no \`conformance\` with \`start\` and \`resources\`.`)
  return found
}

const isConformance = (value: unknown): value is Conformance =>
  typeof value === "object" &&
  value !== null &&
  "start" in value &&
  typeof value.start === "function" &&
  "resources" in value &&
  typeof value.resources === "object" &&
  value.resources !== null

interface Written {
  readonly fake?: string
  readonly people?: string
  readonly wire?: "http" | "none"
  readonly config?: JsonObject
  readonly resources: Readonly<Record<string, Conduct>>
}

const TEMPLATE = { type: "object", minProperties: 1 }

/** What a conformance.yaml may hold. */
const SCHEMA = {
  type: "object",
  required: ["resources"],
  additionalProperties: false,
  properties: {
    fake: { type: "string" },
    people: { type: "string" },
    wire: { enum: ["http", "none"] },
    config: { type: "object" },
    resources: {
      type: "object",
      minProperties: 1,
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        properties: {
          item: TEMPLATE,
          edit: TEMPLATE,
          invalid: TEMPLATE,
          text: { type: "string" },
          clear: { type: "string" },
          resultsInOrder: { type: "boolean" },
          hints: { type: "boolean" },
          waive: { type: "object", additionalProperties: { type: "string", minLength: 3 } },
        },
      },
    },
  },
}

const fromYaml = (file: string, text: string): Conformance => {
  let value: unknown
  try {
    value = parse(text, { maxAliasCount: 0 })
  } catch (error) {
    throw new ConformanceError(`${file} is no YAML: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile<Written>(SCHEMA)
  if (!validate(value)) {
    const words = (validate.errors ?? []).map(
      ({ instancePath, message = "", params }) =>
        `${instancePath === "" ? "the file" : instancePath.slice(1).replaceAll("/", ".")} ${message}${"additionalProperty" in params ? ` ("${String(params["additionalProperty"])}")` : ""}`,
    )
    throw new ConformanceError(`${file}: ${words.join("; ")}.`)
  }
  const { fake, people, wire, config = {}, resources } = value
  return {
    resources,
    ...(wire === undefined ? {} : { wire }),
    start: async (given = {}): Promise<Running> => {
      const settings = { ...interpolated(config, file), ...given }
      // A real system that is named is the one to be tried.
      if (fake === undefined || typeof settings["baseUrl"] === "string") return { config: settings }
      return startFake(resolve(dirname(file), fake), settings, people)
    },
  }
}

/** `${NAME}` and `${NAME:-default}` from the environment, as in a pipeline. */
const interpolated = (config: JsonObject, file: string): JsonObject => {
  const text = JSON.stringify(config).replace(/\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g, (_, name: string, otherwise: string | undefined) => {
    const found = process.env[name] ?? otherwise
    if (found === undefined) throw new ConformanceError(`${file}: the environment has no ${name}.`)
    return JSON.stringify(found).slice(1, -1)
  })
  return JSON.parse(text)
}
