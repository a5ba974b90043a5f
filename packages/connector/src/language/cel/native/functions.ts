// Functions over JSON: those of every expression that are plain enough. A function throws an Error that says what is wrong.
import type { Json } from "../../../json.ts"
import { spendCharacters, spendSteps } from "../budget.ts"
import { Refused } from "./operators.ts"

export interface JsonFunction {
  /** How many arguments. */
  readonly takes: number
  readonly run: (...args: readonly Json[]) => Json
}

/** A blank passes through. */
const onText = (name: string, work: (text: string) => string): JsonFunction => ({
  takes: 1,
  run: (value) => {
    if (value === null || value === undefined) return null
    if (typeof value !== "string") throw new Refused(`${name}(…) takes a text`)
    return work(value)
  },
})

const text = (name: string, value: Json | undefined): string => {
  if (typeof value === "string") return value
  throw new Refused(`${name}(…) takes a text`)
}

const found = (name: string, work: (of: string, part: string) => boolean): JsonFunction => ({
  takes: 2,
  run: (of, part) => (of === null ? false : work(text(name, of), text(name, part))),
})

const size: JsonFunction = {
  takes: 1,
  run: (value) => {
    if (value === null || value === undefined) return 0
    if (Array.isArray(value)) return value.length
    // as CEL counts: characters, not UTF-16
    if (typeof value === "string") return [...value].length
    if (typeof value === "object") return Object.keys(value).length
    throw new Refused("size(…) takes a text, a list or a mapping")
  },
}

const lower = onText("lower", (value) => value.toLowerCase())
const upper = onText("upper", (value) => value.toUpperCase())

export const FUNCTIONS: Readonly<Record<string, JsonFunction>> = {
  lower,
  upper,
  size,
  trim: onText("trim", (value) => value.trim()),
  string: {
    takes: 1,
    run: (value) => {
      if (value === null || value === undefined) return ""
      if (typeof value === "object") throw new Refused("string(…) takes a single value")
      return String(value)
    },
  },
}

/** The first argument is what stands before the dot. */
export const METHODS: Readonly<Record<string, JsonFunction>> = {
  lower,
  upper,
  size,
  startsWith: found("startsWith", (of, part) => of.startsWith(part)),
  endsWith: found("endsWith", (of, part) => of.endsWith(part)),
  contains: found("contains", (of, part) => of.includes(part)),
  split: {
    takes: 2,
    run: (of, by) => {
      const parts = text("split", of).split(text("split", by))
      spendSteps(parts.length)
      return parts
    },
  },
  join: {
    takes: 2,
    run: (parts, by) => {
      const between = text("join", by)
      if (parts === null || !Array.isArray(parts)) throw new Refused("join(…) takes a list of texts")
      spendSteps(parts.length)
      spendCharacters(between.length * parts.length)
      for (const part of parts) {
        // a blank in a list is an empty text, as it is everywhere
        if (part !== null) spendCharacters(text("join", part).length)
      }
      return parts.join(between)
    },
  },
}
