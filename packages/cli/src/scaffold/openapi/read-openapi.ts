// An OpenAPI 3 document -> a plan. References are followed within the document and to files in its own folder, nowhere else.
import { readFile } from "node:fs/promises"
import { existsSync, realpathSync } from "node:fs"
import { dirname, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"
import SwaggerParser from "@apidevtools/swagger-parser"
import type { JsonObject } from "@syncline/connector"
import { usage } from "../../failure.ts"
import type { ApiPlan, ResourcePlan } from "../api-plan.ts"
import { collectionsOf, nameOf, resourceOf } from "./collection.ts"
import { listAt, objectAt, pathsOf, textAt } from "./document.ts"
import { securityOf } from "./security.ts"

/** More than a person decides about in an hour. */
const MOST_RESOURCES = 12

export async function readOpenapi(file: string, shown: string, name: string): Promise<ApiPlan> {
  if (!existsSync(file)) throw usage(`There is no file ${shown}.`)
  const document = await load(file, shown)
  const version = textAt(document, "openapi")
  if (version === null || !version.startsWith("3."))
    throw usage(
      `${shown} is ${document["swagger"] === undefined ? "no OpenAPI document" : `Swagger ${String(document["swagger"])}`}; OpenAPI 3 is needed.`,
    )
  const { auth, notes } = securityOf(document)
  const found = collectionsOf(pathsOf(document))
  const names = new Set<string>()
  const resources: ResourcePlan[] = []
  const leftOut: string[] = []
  for (const collection of found) {
    const plain = nameOf(collection.list.path)
    // A second list of the same name is told apart by what it is read below.
    const unique = names.has(plain)
      ? collection.list.path
          .split("/")
          .filter((part) => part !== "" && !part.startsWith("{"))
          .join("-")
          .replace(/[^A-Za-z0-9-]+/g, "-")
      : plain
    const resource = resources.length >= MOST_RESOURCES || names.has(unique) ? null : resourceOf(collection, unique)
    if (resource === null) leftOut.push(collection.list.path)
    else {
      names.add(unique)
      resources.push(resource)
    }
  }
  if (resources.length === 0)
    throw usage(
      `${shown} lists no items that have an id: there is nothing to keep in step.`,
      "A path that lists them by GET is needed, with a schema of its answer",
    )
  return {
    name,
    title: textAt(objectAt(document, "info"), "title") ?? name,
    baseUrl: serverOf(document),
    auth,
    notes: [
      ...notes,
      ...(leftOut.length === 0
        ? []
        : [`these lists were left out (no id, or too many of them): ${leftOut.slice(0, 20).join(", ")}; are they wanted?`]),
    ],
    resources,
  }
}

async function load(file: string, shown: string): Promise<JsonObject> {
  const folder = realpathSync(dirname(file))
  const within = (path: string): boolean => {
    const near = relative(folder, path)
    return near !== "" && !near.startsWith("..") && !near.startsWith(sep)
  }
  const pathOf = (url: string): string => (url.startsWith("file:") ? fileURLToPath(url) : resolve(decodeURIComponent(url)))
  try {
    const whole = await SwaggerParser.dereference(file, {
      resolve: {
        http: false,
        file: {
          order: 1,
          canRead: ({ url }: { url: string }) => !/^https?:/i.test(url),
          read: async ({ url }: { url: string }) => {
            const path = realpathSync(pathOf(url))
            if (!within(path)) throw new Error(`${url} lies outside of the document's folder`)
            return readFile(path)
          },
        },
      },
      // What refers to itself becomes a circle, and is cut where a schema is read.
      dereference: { circular: true },
    })
    // Of the document only what is looked for is believed; circles in it are met with a limit.
    return whole as unknown as JsonObject
  } catch (error) {
    const words = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)
    throw usage(`${shown} cannot be read as an OpenAPI document: ${words.replaceAll(folder, ".")}`)
  }
}

const serverOf = (document: JsonObject): string | null => {
  const [server] = listAt(document, "servers")
  const url = textAt(server, "url")
  if (url === null) return null
  const whole = url.replace(/\{(\w+)\}/g, (_, name: string) => textAt(objectAt(server, "variables", name), "default") ?? `{${name}}`)
  return /^https?:\/\/[^{]+$/.test(whole) ? whole.replace(/\/$/, "") : null
}
