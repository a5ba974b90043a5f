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

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

/** `--older-than 7d`, in ms. */
export function age(text: string): number {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  if (count === undefined || unit === undefined) throw new InvalidArgumentError("Write it as 30m, 12h, 7d or 2w.")
  return Number(count) * (UNIT_MS[unit] ?? 0)
}

export type Allowance = Partial<Record<"delete" | "create" | "update", number>>

/** `--allow delete=200`, repeatable. */
export function allowance(text: string, so: Allowance = {}): Allowance {
  const [, kind, count] = /^(delete|create|update)=(\d{1,9})$/.exec(text) ?? []
  if (kind === undefined || count === undefined) throw new InvalidArgumentError("Write it as delete=200, create=200 or update=200.")
  return { ...so, [kind]: Number(count) }
}
