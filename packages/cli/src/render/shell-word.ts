// A word as a person can paste it into a shell. Remote ids end up in commands that we suggest: none may do anything there.
import { cleanText } from "./clean.ts"

export function shellWord(text: string): string {
  const clean = cleanText(text)
  return /^[\p{L}\p{N}_./@:+,-]+$/u.test(clean) && !clean.startsWith("-") ? clean : `'${clean.replaceAll("'", "'\\''")}'`
}
