// Option values that are numbers, refused in one line if they are not.
import { InvalidArgumentError } from "commander"

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < least || value > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
    return value
  }
}

export type Allowance = Partial<Record<"delete" | "create" | "update", number>>

/** `--allow delete=200`, repeatable. */
export function allowance(text: string, so: Allowance = {}): Allowance {
  const [, kind, count] = /^(delete|create|update)=(\d{1,9})$/.exec(text) ?? []
  if (kind === undefined || count === undefined) throw new InvalidArgumentError("Write it as delete=200, create=200 or update=200.")
  return { ...so, [kind]: Number(count) }
}
