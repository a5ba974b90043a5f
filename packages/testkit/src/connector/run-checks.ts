// Tries checks against one running system and says of each: it holds, it fails (with what shows it), it was skipped (with
// the reason). Nothing a connector does ends this: a check that throws has failed, one that hangs has too.
import { createRedactor, FaultError, secretsOf, type ConnectorDefinition, type JsonObject } from "@syncline/connector"
import { AREAS, Failure, Skip, type Area, type Check } from "./check.ts"
import { CHECKS } from "./checks/checks.ts"
import type { Conduct, Conformance } from "./conduct.ts"
import { evidenceOf, type Evidence } from "./evidence.ts"
import { openSession, type Session } from "./stand/session.ts"
import { openStand, type Stand } from "./stand/stand.ts"

export interface Result {
  readonly check: string
  readonly area: Area
  readonly resource: string
  readonly says: string
  readonly verdict: "holds" | "fails" | "skipped"
  /** What went wrong, or why it was not tried. */
  readonly why: string | null
  readonly ms: number
  /** Of a failure: the last request and answer, and the last call. */
  readonly evidence: Evidence | null
}

export interface Trial {
  readonly check: Check
  readonly resource: string
}

/** Long on a busy machine, but not for ever. */
const LONGEST_CHECK_MS = 60_000

/** What is to be tried, in order. `only`: names of checks, or of areas. */
export function trialsOf(resources: readonly string[], only: readonly string[] = []): readonly Trial[] {
  const wanted = (check: Check): boolean => only.length === 0 || only.includes(check.name) || only.includes(check.area)
  const [first] = resources
  return CHECKS.filter(wanted).flatMap((check) =>
    check.scope === "system"
      ? first === undefined
        ? []
        : [{ check, resource: first }]
      : resources.map((resource) => ({ check, resource })),
  )
}

export const CHECK_NAMES: readonly string[] = [...AREAS, ...CHECKS.map(({ name }) => name)]

export async function tryCheck(session: Session, { check, resource }: Trial): Promise<Result> {
  const began = performance.now()
  const about = { check: check.name, area: check.area, resource, says: check.says, evidence: null }
  const ended = (verdict: Result["verdict"], why: string | null, evidence: Evidence | null = null): Result => ({
    ...about,
    verdict,
    why,
    ms: Math.round(performance.now() - began),
    evidence,
  })
  const spec = session.description.resources.find(({ name }) => name === resource)
  const conduct: Conduct | undefined = session.conformance.resources[resource]
  if (spec === undefined || conduct === undefined) return ended("fails", `it describes no resource ${resource}`)
  const waived = conduct.waive?.[check.name]
  if (waived !== undefined) return ended("skipped", waived)
  const { running, auth } = session
  for (const need of check.needs) {
    const missing = need({ spec, conduct, running, resource, wired: session.wire !== null, auth })
    if (missing !== null) return ended("skipped", missing)
  }
  session.wire?.forget()
  const clean = createRedactor(secretsIn(session))
  let stand: Stand | null = null
  try {
    stand = await openStand({ session, resource, spec, conduct })
    await inTime(check.run(stand))
    return ended("holds", null)
  } catch (error) {
    if (error instanceof Skip) return ended("skipped", error.message)
    return ended("fails", clean(sayTrouble(error)), evidenceOf(session.wire?.log ?? [], stand?.called ?? [], clean))
  } finally {
    await stand?.close()
  }
}

const sayTrouble = (error: unknown): string => {
  if (error instanceof Failure) return error.message
  if (error instanceof FaultError) return `a call fails that should succeed: "${error.fault.class}", ${error.fault.message}`
  return error instanceof Error ? `a call crashes: ${error.name}: ${error.message}` : `a call crashes: ${String(error)}`
}

const secretsIn = ({ definition, running, auth }: Session): readonly string[] => {
  const properties = definition.configSchema["properties"]
  const marked = typeof properties === "object" && properties !== null && !Array.isArray(properties) ? Object.entries(properties) : []
  return [
    ...secretsOf(auth),
    ...marked.flatMap(([name, property]) => {
      const value = running.config[name]
      return typeof property === "object" &&
        property !== null &&
        "writeOnly" in property &&
        property.writeOnly === true &&
        typeof value === "string"
        ? [value]
        : []
    }),
  ].filter((secret) => secret.length >= 4)
}

const inTime = async (work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure(`it has not ended after ${LONGEST_CHECK_MS / 1000} s`)), LONGEST_CHECK_MS)
  })
  work.catch(() => {})
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

export interface RunOptions {
  readonly only?: readonly string[]
  /** Settings that replace those of the conformance file. */
  readonly config?: JsonObject
  readonly onResult?: (result: Result) => void
}

export async function runChecks(
  definition: ConnectorDefinition,
  conformance: Conformance,
  { only = [], config = {}, onResult }: RunOptions = {},
): Promise<readonly Result[]> {
  const session = await openSession(definition, conformance, config)
  try {
    const results: Result[] = []
    for (const trial of trialsOf(Object.keys(conformance.resources), only)) {
      const result = await tryCheck(session, trial)
      results.push(result)
      onResult?.(result)
    }
    return results
  } finally {
    await session.close()
  }
}
