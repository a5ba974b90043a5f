// Options of the programs that developers start by hand: `--help`, and one clear line for whatever is not understood.
import { Command, InvalidArgumentError } from "commander"

/** A program without options yet: what it does not understand ends it with code 2. */
export const tool = (name: string, about: string): Command =>
  new Command(name)
    .description(about)
    .allowExcessArguments(false)
    .showHelpAfterError(`(${name} --help says what there is)`)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))

/** A whole number, zero or more. */
export function count(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("A whole number is needed.")
  return Number(text)
}

/** Seeds by their numbers: `1,2,3`. */
export const counts = (text: string): readonly number[] => (text === "" ? [] : text.split(",").map(count))
