// What a vocabulary adds to CEL: functions that are written over JSON, and arithmetic as JSON's numbers and blanks have it.
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

/** JSON knows one kind of number: they go together whether they are whole or not. */
export function registerNumbers(environment: Environment): void {
  for (const [operator, work] of Object.entries(MIXED)) {
    environment.registerOperator(`int ${operator} double: double`, (a: bigint, b: number) => work(Number(a), b))
    environment.registerOperator(`double ${operator} int: double`, (a: number, b: bigint) => work(a, Number(b)))
  }
  environment.registerFunction("round(int): int", (value: bigint) => value)
  environment.registerFunction("round(double): int", rounded)
  environment.registerFunction("round(null): null", () => null)
}

/** Half a one goes away from zero, as in CEL's own `math.round`. */
function rounded(value: number): bigint {
  if (!Number.isFinite(value)) throw new Error(`${value} cannot be rounded`)
  return BigInt(Math.sign(value) * Math.round(Math.abs(value)))
}

/** What is computed from a blank is a blank. */
export function registerBlanks(environment: Environment): void {
  for (const operator of Object.keys(MIXED)) {
    for (const number of ["int", "double"]) {
      environment.registerOperator(`null ${operator} ${number}: null`, () => null)
      environment.registerOperator(`${number} ${operator} null: null`, () => null)
    }
    if (operator !== "+") environment.registerOperator(`null ${operator} null: null`, () => null)
  }
}

/** A number beside a text is written into it. */
export function registerWriting(environment: Environment): void {
  for (const number of ["int", "double"]) {
    environment.registerOperator(`string + ${number}: string`, (text: string, value: bigint | number) => text + String(value))
    environment.registerOperator(`${number} + string: string`, (value: bigint | number, text: string) => String(value) + text)
  }
}
