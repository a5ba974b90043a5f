// The little of a pipeline that looking at its store needs: its name and its systems. No environment is needed for that,
// so that status, log and review work where the credentials are not.
import { readFileSync } from "node:fs"
import { parse } from "yaml"
import { usage } from "../failure.ts"
import type { Located } from "./locate.ts"

export interface Outline {
  readonly name: string
  readonly systems: readonly { readonly name: string; readonly connector: string }[]
  /** When open questions are overdue, ms; null: never, or not to be read. */
  readonly remindMs: number | null
}

const MAX_ALIASES = 100

export function readOutline(located: Located): Outline {
  const document = readDocument(located)
  const name = document === null ? undefined : document["name"]
  if (typeof name !== "string" || !/^[\w][\w.-]*$/.test(name))
    throw usage(`${located.shown} names no pipeline.`, `Find out more with: syncline check ${located.shown} --offline`)
  return { name, systems: systemsOf(document), remindMs: durationOf(asObject(document?.["reviews"])?.["remind"]) }
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function durationOf(written: unknown): number | null {
  const [, count, unit] = (typeof written === "string" ? /^(\d{1,9})(ms|s|m|h|d)$/.exec(written) : null) ?? []
  return count === undefined || unit === undefined ? null : Number(count) * (UNIT_MS[unit] ?? 0)
}

/** What `systems` names, as far as it can be read; for finding the connectors before the pipeline is compiled. */
export const connectorNames = (text: string): string[] => {
  try {
    return [
      ...new Set(
        systemsOf(asObject(parse(text, { maxAliasCount: MAX_ALIASES, logLevel: "silent", uniqueKeys: false }))).map(
          (system) => system.connector,
        ),
      ),
    ]
  } catch {
    // Whatever is wrong with the text is the compiler's to say.
    return []
  }
}

function readDocument(located: Located): Readonly<Record<string, unknown>> | null {
  try {
    return asObject(parse(readFileSync(located.path, "utf8"), { maxAliasCount: MAX_ALIASES, logLevel: "silent" }))
  } catch {
    return null
  }
}

const systemsOf = (document: Readonly<Record<string, unknown>> | null): { name: string; connector: string }[] =>
  Object.entries(asObject(document?.["systems"]) ?? {}).flatMap(([name, system]) => {
    const connector = asObject(system)?.["connector"]
    return typeof connector === "string" ? [{ name, connector }] : []
  })

const asObject = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : null
