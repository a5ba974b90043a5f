// The pure middle stays pure: what its rooms import, and what they ask of the surroundings.
import { Visitor } from "oxc-parser"
import { ROOMS } from "./border.ts"
import type { FileRule, Violation } from "./rule.ts"

/** What a pure room may import besides rooms of its own kind. Everything else must be argued for here. */
const PURE_MODULES: readonly string[] = [
  "effect/Data",
  "effect/Brand",
  "i18n-iso-countries",
  "i18n-iso-countries/*",
  "yaml",
  "ajv",
  "ajv/*",
  "ajv-formats",
  "re2js",
  "fastest-levenshtein",
  "libphonenumber-js",
  "libphonenumber-js/*",
  "@marcbachmann/cel-js",
  "@marcbachmann/cel-js/*",
  "@syncline/connector/language",
  "@syncline/connector/value",
]

/** Its front door opens the network, so pure rooms see the contract's types only. */
const TYPES_ONLY: readonly string[] = ["@syncline/connector"]

const named = (list: readonly string[], specifier: string): boolean =>
  list.some((one) => one === specifier || (one.endsWith("/*") && specifier.startsWith(one.slice(0, -1))))

const pureRoomOf = (path: string): string | null => {
  const room = /^packages\/core\/src\/(?<room>[^/]+)\//.exec(path)?.groups?.["room"]
  return room !== undefined && ROOMS[room]?.pure === true ? room : null
}

export const purity: FileRule = {
  name: "purity",
  check: (file) => {
    const room = pureRoomOf(file.path)
    if (room === null) return []
    return file.imports().flatMap(({ specifier, line, typeOnly }): Violation[] => {
      if (specifier.startsWith(".") || named(PURE_MODULES, specifier)) return []
      if (typeOnly && (named(TYPES_ONLY, specifier) || !specifier.startsWith("node:"))) return []
      const message = `room ${room} is pure and must not import ${specifier}: the same arguments give the same answer, without the world`
      return [{ path: file.path, line, rule: "purity", message }]
    })
  },
}

/** Reading the wall clock by `new Date()` hides as a constructor, where the linter's lists of names do not see it. */
export const clock: FileRule = {
  name: "clock",
  check: (file) => {
    if (!file.path.startsWith("packages/core/src/")) return []
    const found: Violation[] = []
    const add = (offset: number, what: string): void => {
      const message = `${what} reads the wall clock; the engine reads the clock it is handed, so that tests can own time`
      found.push({ path: file.path, line: file.lineAt(offset), rule: "clock", message })
    }
    new Visitor({
      NewExpression: (node) => {
        if (node.callee.type === "Identifier" && node.callee.name === "Date" && node.arguments.length === 0) add(node.start, "new Date()")
      },
      CallExpression: (node) => {
        if (node.callee.type === "Identifier" && node.callee.name === "Date") add(node.start, "Date()")
      },
    }).visit(file.syntax().program)
    return found
  },
}
