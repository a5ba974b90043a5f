// Keeps secrets out of everything that is printed, logged or stored.
// Enters any text, leaves the same text with every known secret, also in its usual encodings, replaced by `<redacted>`.
import { inspect } from "node:util"

export const REDACTED = "<redacted>"

/** A string that does not show itself: printing, inspecting and serialising give `<redacted>`. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return REDACTED
  }
  toJSON(): string {
    return REDACTED
  }
  [inspect.custom](): string {
    return REDACTED
  }
}

const escapeForPattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")

const encodings = (secret: string): string[] => {
  const percent = encodeURIComponent(secret.toWellFormed())
  const base64 = Buffer.from(secret).toString("base64")
  return [
    secret,
    percent,
    percent.replaceAll("%20", "+"),
    JSON.stringify(secret).slice(1, -1),
    base64,
    base64.replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
  ]
}

/** Very short secrets are replaced only where they stand alone: taking every `a` out of a text would make it unreadable. */
const STANDS_ALONE_BELOW = 4

export function createRedactor(secrets: Iterable<string>): (text: string) => string {
  const spellings = new Set<string>()
  for (const secret of secrets) if (secret !== "") for (const spelling of encodings(secret)) spellings.add(spelling)
  if (spellings.size === 0) return (text) => text
  // The longest first, so that a secret that begins with another one is replaced as a whole.
  const pattern = [...spellings]
    .sort((a, b) => b.length - a.length)
    .map((spelling) => {
      const escaped = escapeForPattern(spelling)
      return spelling.length < STANDS_ALONE_BELOW ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped
    })
    .join("|")
  const everySecret = new RegExp(pattern, "gu")
  return (text) => text.replace(everySecret, REDACTED)
}
