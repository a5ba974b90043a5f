// title: every word with a capital first letter.
import { text, type LensDefinition } from "./lens.ts"

export const title: LensDefinition = {
  name: "title",
  doc: "Reads text with a capital at the start of each word and small letters after it.",
  config: null,
  examples: [{ config: undefined, remote: "ADA byron-king", canonical: "Ada Byron-King" }],
  from: ["text"],
  to: () => ["text"],
  make: () => ({ get: (remote) => text(remote, capitalise), put: (value) => value }),
}

const capitalise = (value: string): string =>
  value.toLowerCase().replace(/(^|[^\p{L}\p{M}\p{N}'’])(\p{L})/gu, (_, before: string, letter: string) => before + capital(letter))

/** A few letters have no single capital (ŉ, ß); they stay, so that reading twice is reading once. */
const capital = (letter: string): string => {
  const upper = letter.toUpperCase()
  return upper.toLowerCase() === letter ? upper : letter
}
