// Hostile items as data: what a system hands over between two honest items, and what must become of it.
import type { JsonObject } from "@syncline/connector"

/** `passes`: it arrives in the other system. `whole`: quarantined. `field`: one field is held, the rest arrives. `nothing`: left out. */
export type Fate = "passes" | "whole" | "field" | "nothing"

export interface ItemCase {
  readonly name: string
  /** Members put over an honest item; or the whole item, made anew. */
  readonly over?: Readonly<Record<string, unknown>>
  readonly item?: () => unknown
  /** Facts put over the change. */
  readonly change?: Readonly<Record<string, unknown>>
  readonly fate: Fate
  /** Part of the reason. */
  readonly says?: string
  /** What arrives in the other system, as far as it is named. */
  readonly arrives?: JsonObject
}

/** Nested lists, made without recursion. */
export function deep(levels: number): unknown {
  let value: unknown = "bottom"
  for (let level = 0; level < levels; level++) value = [value]
  return value
}

function deepObject(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = { a: value }
  return value
}

function cyclic(): unknown {
  const item: Record<string, unknown> = { email: "loop@x.com", name: "Loop" }
  item["self"] = item
  return item
}

const honest = { email: "odd@x.com", name: "Odd" }
const many = (count: number, prefix = "k"): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, at]))
const spelled = (json: string): unknown => JSON.parse(json)

const ids: readonly ItemCase[] = [
  { name: "an id beyond 2^53 keeps its digits", change: { id: "9007199254740993" }, fate: "passes" },
  { name: "an id with a thousand characters", change: { id: "x".repeat(1000) }, fate: "passes" },
  { name: "an id with more than a thousand characters", change: { id: "x".repeat(1001) }, fate: "whole", says: "its id" },
  { name: "an id of a million characters", change: { id: "x".repeat(1_000_000) }, fate: "whole", says: "its id" },
  { name: "an empty id", change: { id: "" }, fate: "whole", says: "its id" },
  { name: "an id that is a number", change: { id: 42 }, fate: "whole", says: "its id" },
  { name: "an id that is null", change: { id: null }, fate: "whole", says: "its id" },
  { name: "an id that is missing", change: { id: undefined }, fate: "whole", says: "its id" },
  { name: "an id that is a list", change: { id: ["a"] }, fate: "whole", says: "its id" },
  { name: "an id that is an object", change: { id: { toString: "x" } }, fate: "whole", says: "its id" },
  { name: "the id __proto__", change: { id: "__proto__" }, fate: "passes" },
  { name: "the id constructor", change: { id: "constructor" }, fate: "passes" },
  { name: "the id toString", change: { id: "toString" }, fate: "passes" },
  { name: "the id hasOwnProperty", change: { id: "hasOwnProperty" }, fate: "passes" },
  { name: "an id with NUL in it", change: { id: "a\u0000b" }, fate: "passes" },
  { name: "an id that is a lone surrogate", change: { id: "\ud800" }, fate: "passes" },
  { name: "an id with a line break", change: { id: "a\nb" }, fate: "passes" },
  { name: "an id with quotes", change: { id: `a'b"c\`d` }, fate: "passes" },
  { name: "an id that ends an SQL statement", change: { id: "'); DROP TABLE link; --" }, fate: "passes" },
  { name: "an id with percent signs", change: { id: "100%25%00%" }, fate: "passes" },
  { name: "an id that climbs folders", change: { id: "../../etc/passwd" }, fate: "passes" },
  { name: "an id that is an address", change: { id: "http://169.254.169.254/" }, fate: "passes" },
  { name: "an id of blanks", change: { id: "   " }, fate: "passes" },
  { name: "an id of one emoji", change: { id: "👩‍👩‍👧" }, fate: "passes" },
  { name: "an id with an escape sequence", change: { id: "\u001b[2J" }, fate: "passes" },
  { name: "an id with the engine's own separators", change: { id: "a/b\u0001c\n" }, fate: "passes" },
]

const facts: readonly ItemCase[] = [
  { name: "a version that is a number", change: { version: 7 }, fate: "passes" },
  { name: "a version of a million characters", change: { version: "9".repeat(1_000_000) }, fate: "passes" },
  { name: "a version that is an object", change: { version: {} }, fate: "passes" },
  { name: "a version that is no number", change: { version: "NaN" }, fate: "passes" },
  { name: "a negative version", change: { version: "-1" }, fate: "passes" },
  { name: "a version beyond 2^53", change: { version: "9007199254740993" }, fate: "passes" },
  { name: "a time that is none", change: { at: "yesterday" }, fate: "passes" },
  { name: "a time that is a number", change: { at: 1e308 }, fate: "passes" },
  { name: "a time far in the future", change: { at: "+275760-09-13T00:00:00.000Z" }, fate: "passes" },
  { name: "a time beyond all times", change: { at: "+999999-01-01T00:00:00Z" }, fate: "passes" },
  { name: "a time before the year 0", change: { at: "-271821-04-20T00:00:00Z" }, fate: "passes" },
  { name: "a time of a million characters", change: { at: "2".repeat(1_000_000) }, fate: "passes" },
  { name: "field times that are a text", change: { fieldTimes: "now" }, fate: "passes" },
  { name: "field times with values that are none", change: { fieldTimes: { email: 3, name: null, note: {} } }, fate: "passes" },
  {
    name: "field times with a prototype",
    change: { fieldTimes: spelled('{"__proto__": {"email": "2026-01-01T00:00:00Z"}}') },
    fate: "passes",
  },
  { name: "field times that are null", change: { fieldTimes: null }, fate: "passes" },
  { name: "a second id that is a number", change: { secondary: 5 }, fate: "passes" },
  { name: "a second id that is empty", change: { secondary: "" }, fate: "passes" },
  { name: "a kind of change that does not exist", change: { kind: "explode" }, fate: "nothing" },
  { name: "a delete of an id that is a number", change: { kind: "delete", id: 3 }, fate: "nothing" },
  { name: "a delete of what was never there", change: { kind: "delete", id: "nobody" }, fate: "nothing" },
  { name: "a new id for nobody", change: { kind: "rekey", was: "nobody" }, fate: "nothing" },
  { name: "a new id without the old one", change: { kind: "rekey" }, fate: "nothing" },
  { name: "a merge into itself", change: { kind: "merge", into: "odd" }, fate: "nothing" },
  { name: "a merge into a number", change: { kind: "merge", into: 9 }, fate: "nothing" },
]

const shapes: readonly ItemCase[] = [
  { name: "an item that is null", item: () => null, fate: "whole", says: "no JSON object" },
  { name: "an item that is missing", item: () => undefined, fate: "whole", says: "no JSON object" },
  { name: "an item that is a list", item: () => [honest], fate: "whole", says: "no JSON object" },
  { name: "an item that is a text", item: () => "person", fate: "whole", says: "no JSON object" },
  { name: "an item that is a number", item: () => 5, fate: "whole", says: "no JSON object" },
  { name: "an item 100 levels deep", over: { extra: deep(98) }, fate: "passes" },
  { name: "an item 101 levels deep", over: { extra: deep(101) }, fate: "whole", says: "deeper than 100" },
  { name: "an item of lists 100 000 levels deep", over: { extra: deep(100_000) }, fate: "whole", says: "deeper than 100" },
  { name: "an item of objects 100 000 levels deep", over: { extra: deepObject(100_000) }, fate: "whole", says: "deeper than 100" },
  { name: "a mapped field 100 000 levels deep", over: { name: deep(100_000) }, fate: "whole", says: "deeper than 100" },
  { name: "an item that holds itself", item: cyclic, fate: "whole", says: "deeper than 100" },
  { name: "an item with 9 000 members", over: many(9_000), fate: "passes" },
  { name: "an item with 100 000 members", over: many(100_000), fate: "whole", says: "more than 10000 values" },
  {
    name: "a list of 100 000 elements",
    over: { tags: Array.from({ length: 100_000 }, (_, at) => `t${at}`) },
    fate: "whole",
    says: "values",
  },
  { name: "a list of 9 000 tags", over: { tags: Array.from({ length: 9_000 }, (_, at) => `t${at}`) }, fate: "passes" },
  {
    name: "a list of 5 000 equal tags",
    over: { tags: Array.from({ length: 5_000 }, () => "t") },
    fate: "passes",
    arrives: { tags: ["t"] },
  },
  { name: "an item of 50 MB in one text", over: { note: "x".repeat(50_000_000) }, fate: "whole", says: "characters" },
  {
    name: "an item of 50 MB in many texts",
    over: { extra: Array.from({ length: 5_000 }, () => "y".repeat(10_000)) },
    fate: "whole",
    says: "characters",
  },
  { name: "a text of 900 000 characters", over: { note: "x".repeat(900_000) }, fate: "passes" },
  { name: "a member's name of two million characters", over: { ["n".repeat(2_000_000)]: 1 }, fate: "whole", says: "characters" },
  { name: "a member that is a function", over: { extra: () => 1 }, fate: "whole", says: "JSON does not know" },
  { name: "a member that is a symbol", over: { extra: Symbol("x") }, fate: "whole", says: "JSON does not know" },
  { name: "a member that is a big integer", over: { extra: 10n }, fate: "whole", says: "JSON does not know" },
  { name: "a member that is a date", over: { extra: new Date(0) }, fate: "whole", says: "JSON does not know" },
  { name: "a member that is a map", over: { extra: new Map() }, fate: "whole", says: "JSON does not know" },
  { name: "a member that is undefined", over: { extra: undefined }, fate: "passes" },
  { name: "a number that is NaN", over: { score: Number.NaN }, fate: "whole", says: "number that JSON" },
  { name: "a number that is infinite, as 1e309 reads", over: { score: spelled("1e309") }, fate: "whole", says: "number that JSON" },
  { name: "an item without a prototype", item: () => Object.assign(Object.create(null) as object, honest), fate: "passes" },
  { name: "an empty item, which has nothing to bring", item: () => ({}), fate: "nothing" },
  { name: "an item that pretends to be cut", over: { "syncline:cut": "so it says" }, fate: "whole", says: "so it says" },
]

const keys: readonly ItemCase[] = [
  ["__proto__", '{"__proto__": {"polluted": true}}'],
  ["constructor", '{"constructor": {"prototype": {"polluted": true}}}'],
  ["prototype", '{"prototype": {"polluted": true}}'],
  ["toString", '{"toString": "x", "valueOf": 1}'],
  ["hasOwnProperty", '{"hasOwnProperty": false}'],
  ["toJSON", '{"toJSON": "x"}'],
  ["then", '{"then": "x"}'],
  ["__defineGetter__", '{"__defineGetter__": 1}'],
  ["the empty name", '{"": 1}'],
  ["a dotted name", '{"a.b.c": 1}'],
  ["NUL", '{"\\u0000": 1}'],
  ["a lone surrogate", '{"\\ud800": 1}'],
].map(([key = "", json = ""]): ItemCase => ({
  name: `a member named ${key}`,
  over: spelled(json) as Record<string, unknown>,
  fate: "passes",
}))

const texts: readonly ItemCase[] = (
  [
    ["NUL", "a\u0000b"],
    ["a lone high surrogate", "a\ud800b"],
    ["a lone low surrogate", "\udc00"],
    ["two surrogates the wrong way round", "\udc00\ud800"],
    ["a script tag", "<script>alert(1)</script>"],
    ["an image that runs code", '"><img src=x onerror=alert(1)>'],
    ["a spreadsheet formula", '=HYPERLINK("http://x.example","y")'],
    ["a formula that starts a program", "=cmd|' /C calc'!A0"],
    ["a formula after a plus", "+1+1"],
    ["a formula after an at", "@SUM(1)"],
    ["escape sequences", "\u001b[31mred\u001b[0m\u001b]0;title\u0007"],
    ["a bidirectional override", "abc\u202etxt.exe"],
    ["zero-width characters", "a\u200bb\ufeffc"],
    ["a template", "${7*7}{{7*7}}<%= 7*7 %>"],
    ["a reference to the environment", "${CRM_TOKEN} ${file:/etc/passwd}"],
    ["SQL", "Robert'); DROP TABLE record; --"],
    ["a path", "../../../../etc/passwd"],
    ["line breaks", "a\r\nSet-Cookie: x=1"],
    ["a family of emoji", "👨‍👩‍👧‍👦"],
    ["a flag", "🇨🇭"],
    ["a letter of two signs", "Rene\u0301"],
    ["a thousand combining marks", `a${"\u0301".repeat(1000)}`],
    ["right-to-left letters", "שלום"],
    ["letters that look alike", "раураl"],
    ["a text that spells NaN", "NaN"],
    ["a text that spells null", "null"],
    ["a text that spells true", "true"],
    ["a text that spells -0", "-0"],
    ["a text that spells 1e309", "1e309"],
    ["a text that spells an object", '{"a":1}'],
    ["a text that spells YAML", "!!js/function 'x'"],
    ["a mark of the store's own", '\u0001"x"'],
  ] as const
).map(([what, name]): ItemCase => ({ name: `a name with ${what}`, over: { name }, fate: "passes", arrives: { name } }))

const values: readonly ItemCase[] = [
  { name: "a name that is blank", over: { name: "" }, fate: "passes", arrives: {} },
  { name: "a name that is null", over: { name: null }, fate: "passes" },
  { name: "a name that is a number", over: { name: 5 }, fate: "whole", says: "name" },
  { name: "a name that is true", over: { name: true }, fate: "whole", says: "name" },
  { name: "a name that is a list", over: { name: ["Odd"] }, fate: "whole", says: "name" },
  { name: "a name that is an object", over: { name: { first: "Odd" } }, fate: "whole", says: "name" },
  { name: "an address that is a list", over: { email: ["odd@x.com"] }, fate: "field", says: "expected a text" },
  { name: "an address that is an object", over: { email: { toString: "x" } }, fate: "field", says: "expected a text" },
  { name: "an address that is a number", over: { email: 7 }, fate: "field", says: "expected a text" },
  { name: "an address that is too long", over: { email: `${"a".repeat(100)}@x.com` }, fate: "whole", says: "email" },
  { name: "tags that are a text", over: { tags: "vip" }, fate: "field", says: "expected a list" },
  { name: "tags that are an object", over: { tags: { 0: "vip", length: 1 } }, fate: "field", says: "expected a list" },
  { name: "tags that hold objects", over: { tags: [{ a: 1 }] }, fate: "whole", says: "tags" },
  { name: "tags that hold lists", over: { tags: [["vip"]] }, fate: "whole", says: "tags" },
  { name: "tags with blanks and repetitions", over: { tags: ["a", "", null, "a"] }, fate: "passes", arrives: { tags: ["a"] } },
  {
    name: "a tag named __proto__",
    over: { tags: ["__proto__", "constructor"] },
    fate: "passes",
    arrives: { tags: ["__proto__", "constructor"] },
  },
  { name: "a score of -0", over: { score: -0 }, fate: "passes" },
  { name: "a score that is a text", over: { score: "5" }, fate: "whole", says: "score" },
  { name: "a score of 2^53 + 1 that kept its digits", over: { score: "9007199254740993" }, fate: "whole", says: "score" },
  { name: "the smallest score there is", over: { score: 5e-324 }, fate: "passes", arrives: { score: 5e-324 } },
  { name: "the largest score there is", over: { score: Number.MAX_VALUE }, fate: "passes", arrives: { score: Number.MAX_VALUE } },
  { name: "a score with seventeen digits", over: { score: 0.1 + 0.2 }, fate: "passes", arrives: { score: 0.1 + 0.2 } },
  {
    name: "an address with blanks and capitals around it",
    over: { email: " ODD@X.COM " },
    fate: "passes",
    arrives: { email: "odd@x.com" },
  },
  { name: "an address with NUL", over: { email: "odd\u0000@x.com" }, fate: "passes" },
  { name: "an address that is a lone surrogate", over: { email: "\ud800@x.com" }, fate: "passes" },
  { name: "an address named __proto__", over: { email: "__proto__" }, fate: "passes", arrives: { email: "__proto__" } },
  { name: "an address named constructor", over: { email: "constructor" }, fate: "passes", arrives: { email: "constructor" } },
  { name: "an address that grows in small letters", over: { email: "İ@x.com" }, fate: "passes" },
]

export const ITEM_CASES: readonly ItemCase[] = [...ids, ...facts, ...shapes, ...keys, ...texts, ...values]
