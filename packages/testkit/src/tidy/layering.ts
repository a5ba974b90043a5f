// Who imports whom, between packages and between the engine's rooms, judged by the tables in `border.ts`.
import { dirname, join } from "node:path/posix"
import { PACKAGES, ROOMS, TESTS_MAY, packageOfName } from "./border.ts"
import type { FileRule, Violation } from "./rule.ts"
import type { Import, SourceFile } from "./source.ts"

const CORE = "packages/core/src/"

/** `packages/core/src/run/run.ts` -> `packages/core`; null for what belongs to no package. */
const packageOfPath = (path: string): string | null => {
  const [top, name] = path.split("/")
  if (top === "examples") return "examples"
  return (top === "packages" || top === "connectors") && name !== undefined ? `${top}/${name}` : null
}

const roomOfPath = (path: string): string | null => {
  if (!path.startsWith(CORE)) return null
  const [room, ...rest] = path.slice(CORE.length).split("/")
  return room !== undefined && rest.length > 0 ? room : null
}

const rowOf = (home: string) => PACKAGES[home.startsWith("connectors/") ? "connectors/*" : home]

const allowed = (may: readonly string[], target: string, front: string): boolean =>
  may.some((one) => one === target || one === `${target}/${front}` || (one === "connectors/*" && target.startsWith("connectors/")))

export const layering: FileRule = {
  name: "layering",
  check: (file) => {
    const home = packageOfPath(file.path)
    return home === null ? [] : file.imports().flatMap((one) => judge(file, home, one) ?? [])
  },
}

const judge = (file: SourceFile, home: string, one: Import): Violation | null => {
  const violation = (message: string): Violation => ({ path: file.path, line: one.line, rule: "layering", message })
  if (one.specifier.startsWith(".")) {
    const target = join(dirname(file.path), one.specifier)
    const there = packageOfPath(target)
    if (there !== home)
      return violation(`reaches into ${there ?? target} by path; import another package by its name, so that its front door stays one`)
    return isTest(file.path) ? null : judgeRooms(file.path, target, violation)
  }
  const [scope, name, ...rest] = one.specifier.split("/")
  const target = scope === "@syncline" ? packageOfName(`${scope}/${name}`) : undefined
  if (target === undefined || target === home) return null
  const row = rowOf(home)
  if (row === undefined) return violation(`${home} is not on the map of packages (border.ts)`)
  const may = isTest(file.path) ? [...row.may, ...TESTS_MAY] : row.may
  return allowed(may, target, rest[0] ?? "") ? null : violation(`${home} must not import ${one.specifier}: ${row.why}`)
}

/** A connector's fake and its part of the conformance suite are there to try it, as its tests are. */
const isTest = (path: string): boolean => /\/(?:test|bench)\/|^connectors\/[^/]+\/(?:fake\/|conformance\.ts$)/.test(path)

const judgeRooms = (from: string, to: string, violation: (message: string) => Violation): Violation | null => {
  const here = roomOfPath(from)
  const there = roomOfPath(to)
  if (here === null || there === here) return null
  const room = ROOMS[here]
  if (room === undefined) return violation(`"${here}" is not on the map of rooms (border.ts)`)
  if (there === null) return violation(`${here} imports the engine's front door, which imports ${here}`)
  if (room.may.includes(there)) return null
  return violation(`room ${here} must not import room ${there}: ${room.why}`)
}
