// Where things are and what they are called: the closed list at the top, the rooms, kebab-case, no drawers for everything.
import { ROOMS } from "./border.ts"
import type { PathRule, Violation } from "./rule.ts"

/** The top level is a closed list, so that a newcomer sees all of it at a glance. Dotfiles are tools' own. */
const TOP = new Set([
  "package.json",
  "tsconfig.json",
  "pnpm-workspace.yaml",
  "pnpm-lock.yaml",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "packages",
  "connectors",
  "examples",
])

/** What a package is made of. */
const IN_PACKAGE = /^(?:src|test|bench|bin|package\.json|README\.md|CHANGELOG\.md|[a-z-]+\.schema\.json)$/
/** What a connector may have besides: its manifest, its fake with seeds, and how the conformance suite meets it. */
const IN_CONNECTOR = /^(?:fake|conformance\.(?:ts|yaml)|[a-z0-9-]+\.connector\.yaml)$/
const belongs = (top: string, entry: string): boolean => IN_PACKAGE.test(entry) || (top === "connectors" && IN_CONNECTOR.test(entry))

const PACKAGE_NAMES = new Set(["connector", "core", "store", "testkit", "cli"])
const DRAWERS = new Set(["utils", "util", "helpers", "helper", "common", "misc", "shared", "lib", "stuff"])
/** Names that a convention outside fixes. */
const FIXED = new Set(["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "LICENSE"])
const KEBAB = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*$/

export const topLevel: PathRule = {
  name: "top-level",
  check: (paths) => {
    const strangers = new Map<string, string>()
    for (const path of paths) {
      const [top = ""] = path.split("/")
      if (!top.startsWith(".") && !TOP.has(top)) strangers.set(top, path)
    }
    return [...strangers.keys()].map((top): Violation => ({
      path: top,
      line: 0,
      rule: "top-level",
      message: "the top level is a closed list (names.ts)",
    }))
  },
}

export const rooms: PathRule = {
  name: "rooms",
  check: (paths) => {
    const found = new Map<string, string>()
    for (const path of paths) {
      const [top, name = "", folder, room = "", ...rest] = path.split("/")
      if (top === "packages" && folder !== undefined && !PACKAGE_NAMES.has(name)) {
        found.set(`packages/${name}`, "a package must earn its border: a heavy dependency, another installer, another runtime")
      }
      if ((top === "packages" || top === "connectors") && folder !== undefined && !folder.startsWith(".") && !belongs(top, folder)) {
        found.set(`${top}/${name}/${folder}`, "a package holds src, test, bench, bin, its package.json and what is published beside it")
      }
      if (top === "packages" && name === "core" && folder === "src" && rest.length > 0 && ROOMS[room] === undefined) {
        found.set(`packages/core/src/${room}`, "not a room of the engine; the rooms are listed in border.ts")
      }
    }
    return [...found].map(([path, message]): Violation => ({ path, line: 0, rule: "rooms", message }))
  },
}

export const names: PathRule = {
  name: "names",
  check: (paths) => {
    const found = new Map<string, string>()
    for (const path of paths) {
      const parts = path.split("/")
      parts.forEach((part, at) => {
        if (part.startsWith(".") || FIXED.has(part)) return
        const whole = parts.slice(0, at + 1).join("/")
        if (DRAWERS.has(part.replace(/\..*$/, ""))) found.set(whole, "a drawer for everything; name the one thing it holds")
        else if (!KEBAB.test(part)) found.set(whole, "names are kebab-case")
      })
    }
    return [...found].map(([path, message]): Violation => ({ path, line: 0, rule: "names", message }))
  },
}
