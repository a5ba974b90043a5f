// Settings that may be given in one of several ways (`anyOf` of `required` lists): what is lacking is told once, way by way,
// and not as if everything were needed. Leaves the other findings as they are.
import type { ErrorObject } from "ajv/dist/2020.js"

export interface Alternatives {
  readonly instancePath: string
  /** What each way still lacks. */
  readonly ways: readonly (readonly string[])[]
}

export function alternativesIn(errors: readonly ErrorObject[]): {
  readonly alternatives: readonly Alternatives[]
  readonly rest: readonly ErrorObject[]
} {
  const told = new Set<ErrorObject>()
  const alternatives: Alternatives[] = []
  for (const error of errors) {
    if (error.keyword !== "anyOf") continue
    const branches = errors.filter((other) => other.schemaPath.startsWith(`${error.schemaPath}/`))
    const plain = branches.every((branch) => branch.keyword === "required" && branch.instancePath === error.instancePath)
    if (branches.length === 0 || !plain) continue
    const ways = new Map<string, string[]>()
    for (const branch of branches) {
      const way = branch.schemaPath.slice(error.schemaPath.length + 1).split("/")[0] ?? ""
      ways.set(way, [...(ways.get(way) ?? []), String(branch.params["missingProperty"])])
    }
    alternatives.push({ instancePath: error.instancePath, ways: [...ways.values()] })
    for (const one of [error, ...branches]) told.add(one)
  }
  return { alternatives, rest: errors.filter((error) => !told.has(error)) }
}

/** `"token", or "clientId" and "clientSecret"` */
export const waysText = (ways: readonly (readonly string[])[]): string =>
  ways.map((names) => names.map((name) => `"${name}"`).join(" and ")).join(", or ")
