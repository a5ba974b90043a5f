// Plays cases of one target, each from a die of its own, and tells what went wrong with the seed that brings it back.
import { chance } from "../../e2e/people.ts"
import { answers } from "./answers.ts"
import { expressions } from "./expressions.ts"
import { pipelines } from "./pipelines.ts"
import type { Case, Target } from "./target.ts"
import { isBlocked } from "./watch.ts"

export const TARGETS: Readonly<Record<string, () => Target | Promise<Target>>> = { pipelines, expressions, answers }

export interface Finding extends Case {
  readonly target: string
  readonly seed: number
  readonly at: number
}

/** Neighbouring seeds must not give neighbouring dice. */
const dieOf = (seed: number, at: number) => chance(Math.imul(seed, 0x9e3779b1) ^ Math.imul(at + 1, 0x85ebca6b))

export interface Played {
  readonly cases: number
  readonly findings: readonly Finding[]
}

const TRIES = 4

export interface Amount {
  readonly runs: number
  readonly seed: number
  /** The first case; those before it are not played. */
  readonly from?: number
  /** Findings after which it ends. */
  readonly most?: number
  /** Asked before each case. */
  readonly isOver?: () => boolean
}

export async function fuzz(
  name: string,
  { runs, seed, from = 0, most = 20, isOver = () => false }: Amount,
  tell: (finding: Finding) => void = () => undefined,
): Promise<Played> {
  const open = TARGETS[name]
  if (open === undefined) throw new Error(`there is no ${name} to fuzz; known are: ${Object.keys(TARGETS).join(", ")}`)
  const target = await open()
  const findings: Finding[] = []
  let cases = 0
  try {
    for (let at = from; at < from + runs && findings.length < most && !isOver(); at++) {
      let played = await target.play(dieOf(seed, at))
      cases++
      // what is slow is slow each time; a cold start, or a machine that is torn between many, is not
      for (let tries = 1; tries < TRIES && played.found.length > 0 && played.found.every(isBlocked); tries++)
        played = await target.play(dieOf(seed, at))
      if (played.found.length > 0) {
        const finding = { ...played, target: name, seed, at }
        findings.push(finding)
        tell(finding)
      }
      // sockets and signals want their turn
      if (at % 100 === 99) await new Promise((resolve) => setImmediate(resolve))
    }
  } finally {
    await target.close()
  }
  return { cases, findings }
}

export const sayFinding = ({ target, seed, at, found, input }: Finding): string =>
  [`${target} case ${at} of seed ${seed}: ${found.join("; ")}`, `  pnpm fuzz --replay ${target}:${seed}:${at}`, indented(input)].join("\n")

const LONGEST_SHOWN = 1_500

const indented = (text: string): string => JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text)
