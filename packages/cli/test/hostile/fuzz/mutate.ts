// Texts made hostile, by a seeded die: what editors, merges and strangers do to YAML, expressions and JSON.
export type Random = () => number

export const below = (random: Random, count: number): number => Math.floor(random() * count)

export function pick<A>(random: Random, list: readonly A[]): A {
  const one = list[below(random, list.length)]
  if (one === undefined) throw new Error("there is nothing to choose from")
  return one
}

/** Words that parsers trip over. */
export const ODD: readonly string[] = [
  "null",
  "~",
  "true",
  "no",
  "0",
  "-0",
  "1e309",
  "9007199254740993",
  "0x1F",
  "0o17",
  ".inf",
  ".nan",
  "2026-02-30",
  "12:34:56",
  "''",
  '""',
  "[]",
  "{}",
  "[[]]",
  "{a: {b: {}}}",
  "- ",
  ": ",
  "? ",
  "| ",
  ">-",
  "&a ",
  "*a",
  "!!js/function 'x'",
  "!!binary AAAA",
  "<<: *a",
  "---",
  "...",
  "%YAML 1.2",
  "#",
  "\t",
  "\r\n",
  "\u0000",
  "\ufeff",
  "\u2028",
  "\u202e",
  "\ud800",
  "é",
  "e\u0301",
  "👩‍👩‍👧",
  "\u001b[31m",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "../../etc/passwd",
  "/dev/zero",
  "file:///etc/passwd",
  "${CRM_TOKEN}",
  "${CRM_TOKEN:-x}",
  "${",
  "${}",
  "$${A}",
  "${A:-${B}}",
  "{{x}}",
  "<script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "a".repeat(300),
  "[".repeat(150),
  "{a: ".repeat(150),
  "&x [*x, *x]",
  "((a+)+)+$",
  "(?=a)",
  "rec",
  "record",
  "value",
  "linked",
]

const cut = (text: string, from: number, to: number, put = ""): string => text.slice(0, from) + put + text.slice(to)

type Change = (text: string, random: Random, other: string) => string

const inLines =
  (change: (lines: string[], random: Random, other: string) => void): Change =>
  (text, random, other) => {
    const lines = text.split("\n")
    change(lines, random, other)
    return lines.join("\n")
  }

const CHANGES: readonly Change[] = [
  // a character goes, doubles, or becomes another
  (text, random) => {
    const at = below(random, text.length)
    return cut(text, at, at + 1)
  },
  (text, random) => {
    const at = below(random, text.length)
    return cut(text, at, at, text[at] ?? "")
  },
  (text, random) => {
    const at = below(random, text.length)
    return cut(text, at, at + 1, String.fromCharCode(below(random, random() < 0.8 ? 128 : 65_536)))
  },
  // an odd word goes in, or takes the place of one
  (text, random) => cut(text, below(random, text.length + 1), below(random, text.length + 1), pick(random, ODD)),
  (text, random) => {
    const at = below(random, text.length + 1)
    return cut(text, at, at, pick(random, ODD))
  },
  (text, random) => {
    const words = [...text.matchAll(/[\w.-]+/g)]
    if (words.length === 0) return text
    const word = pick(random, words)
    return cut(text, word.index, word.index + word[0].length, random() < 0.5 ? pick(random, ODD) : pick(random, words)[0])
  },
  // lines go, double, move, change their depth, or come from elsewhere
  inLines((lines, random) => void lines.splice(below(random, lines.length), 1 + below(random, 3))),
  inLines((lines, random) => {
    const at = below(random, lines.length)
    lines.splice(at, 0, ...lines.slice(at, at + 1 + below(random, 5)))
  }),
  inLines((lines, random) => {
    const [line] = lines.splice(below(random, lines.length), 1)
    lines.splice(below(random, lines.length + 1), 0, line ?? "")
  }),
  inLines((lines, random) => {
    const at = below(random, lines.length)
    lines[at] = random() < 0.5 ? `  ${lines[at] ?? ""}` : (lines[at] ?? "").replace(/^ {1,2}/, "")
  }),
  inLines((lines, random, other) => {
    const theirs = other.split("\n")
    const from = below(random, theirs.length)
    lines.splice(below(random, lines.length + 1), below(random, 3), ...theirs.slice(from, from + 1 + below(random, 8)))
  }),
  // a part a great many times
  (text, random) => {
    const from = below(random, text.length)
    const part = text.slice(from, from + 1 + below(random, 40))
    return cut(text, from, from, part.repeat(Math.min(2_000, Math.ceil(20_000 / part.length))))
  },
]

/** One to eight changes; `other` lends parts of itself. */
export function mutate(text: string, random: Random, other: string): string {
  let changed = text
  for (let left = 1 + below(random, random() < 0.7 ? 2 : 8); left > 0; left--) {
    const change = pick(random, CHANGES)
    changed = change(changed, random, other)
  }
  return changed
}

/** A value as no system should send it. */
export function oddValue(random: Random, depth = 0): unknown {
  const kind = below(random, depth > 4 ? 6 : 9)
  switch (kind) {
    case 0:
      return null
    case 1:
      return random() < 0.5
    case 2:
      return pick(random, [0, -0, 1, -1, 2 ** 53, 1e308, 5e-324, 0.1 + 0.2, below(random, 1e6)])
    case 3:
    case 4:
      return pick(random, ODD)
    case 5:
      return pick(random, ["ada@x.com", "+12125550199", "2026-11-21T10:00:00Z", "subscribed", " A ", "x".repeat(5_000)])
    case 6:
      return Array.from({ length: below(random, 5) }, () => oddValue(random, depth + 1))
    default:
      return Object.fromEntries(Array.from({ length: below(random, 6) }, () => [pick(random, KEYS), oddValue(random, depth + 1)]))
  }
}

const KEYS: readonly string[] = [
  "email",
  "first_name",
  "last_name",
  "phone",
  "labels",
  "stage",
  "account",
  "name",
  "id",
  "items",
  "next",
  "email_address",
  "merge_fields",
  "FNAME",
  "tags",
  "status",
  "email_opt_out",
  "updated_at",
  "a",
  "",
  "constructor",
  "toString",
  "length",
  "a.b",
]
