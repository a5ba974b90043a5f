// What a vocabulary adds to CEL: functions that are written over JSON, and arithmetic of whole and broken numbers together.
import type { Environment } from "@marcbachmann/cel-js"
import { Failure } from "../../value/failure.ts"
import type { Json } from "../../json.ts"
import type { JsonFunction } from "./native/functions.ts"
import { fromCel, toCel } from "./value.ts"

export function registerFunctions(environment: Environment, functions: Readonly<Record<string, JsonFunction>>): void {
  for (const [name, { takes, run }] of Object.entries(functions)) {
    const signature = Array.from({ length: takes }, () => "dyn").join(", ")
    environment.registerFunction(`${name}(${signature}): dyn`, (...args: readonly unknown[]) => toCel(run(...args.map(plain)), true))
  }
}

function plain(value: unknown): Json {
  const json = fromCel(value, true)
  if (json instanceof Failure) throw new Error(json.message)
  return json
}

const MIXED: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
}

/** A number beside a text is written into it, and numbers go together whether they are whole or not: JSON knows one kind. */
export function registerMixed(environment: Environment): void {
  for (const number of ["int", "double"]) {
    environment.registerOperator(`string + ${number}: string`, (text: string, value: bigint | number) => text + String(value))
    environment.registerOperator(`${number} + string: string`, (value: bigint | number, text: string) => String(value) + text)
  }
  for (const [operator, work] of Object.entries(MIXED)) {
    environment.registerOperator(`int ${operator} double: double`, (a: bigint, b: number) => work(Number(a), b))
    environment.registerOperator(`double ${operator} int: double`, (a: number, b: bigint) => work(a, Number(b)))
  }
}
