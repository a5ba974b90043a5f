// Texts that send a naive pattern or loop round for minutes, against every lens, every form of a schema and expressions.
import type { Json, JsonObject } from "@syncline/connector"
import { deep } from "./items.ts"

/** Short names of texts that are made to be slow for somebody. */
export const SLOW_TEXTS: readonly (readonly [name: string, text: string])[] = [
  ["one letter, over and over", `${"a".repeat(100_000)}!`],
  ["digits without end", "1".repeat(100_000)],
  ["signs and digits", `+${"1-".repeat(50_000)}x`],
  ["blanks without end", `${" ".repeat(100_000)}x`],
  ["parts of a host", `a@${"a-.".repeat(30_000)}!`],
  ["separators without end", ",".repeat(100_000)],
  ["brackets without end", "[".repeat(100_000)],
  ["a deep list in a text", "[".repeat(100_000) + "]".repeat(100_000)],
  ["marks that combine", `a${"\u0301".repeat(100_000)}`],
  ["a half of an address", `http://${"a:".repeat(50_000)}`],
  ["escape sequences", "\u001b]".repeat(50_000)],
  ["letters that grow", "İ".repeat(50_000)],
]

/** Every lens, with settings where it needs some. */
export const LENS_USES: readonly (readonly [name: string, settings: string | null])[] = [
  ["trim", null],
  ["lower", null],
  ["upper", null],
  ["title", null],
  ["nfc", null],
  ["e164", "US"],
  ["date", "DD.MM.YYYY"],
  ["datetime", null],
  ["datetime", "unix"],
  ["number", null],
  ["bool", null],
  ["map", "{ a: b }"],
  ["split", null],
  ["set", null],
  ["default", "x"],
  ["country", null],
  ["json", null],
]

/** `pattern`s and `format`s that people write, and that backtracking engines choke on. */
export const SCHEMAS: readonly JsonObject[] = [
  { pattern: "^(a+)+$" },
  { pattern: "^(a|a)*$" },
  { pattern: "^(a|aa)+$" },
  { pattern: "(.*)*x" },
  { pattern: "^(\\d+\\s?)+$" },
  { pattern: "^([\\w.-]+)+@x$" },
  { pattern: "(a?){20}a{20}" },
  { pattern: "^(([a-z])+.)+[A-Z]([a-z])+$" },
  { format: "url" },
  { format: "uri" },
  { format: "email" },
  { format: "hostname" },
  { format: "date-time" },
  { format: "ipv6" },
  { format: "uuid" },
  { format: "uri-template" },
  { format: "duration" },
]

export interface ExpressionCase {
  readonly name: string
  readonly text: string
  readonly item: JsonObject
  /** The value, or part of the reason why there is none. */
  readonly gives?: Json
  readonly says?: string
}

const list = Array.from({ length: 3_000 }, (_, at) => String(at))
const long = "a".repeat(900_000)

export const EXPRESSION_CASES: readonly ExpressionCase[] = [
  { name: "a loop in a loop", text: "rec.l.map(a, rec.l.filter(b, a == b).size())", item: { l: list }, says: "steps" },
  {
    name: "a loop in a loop in a loop",
    text: "rec.l.all(a, rec.l.all(b, rec.l.all(c, a + b + c != '')))",
    item: { l: list },
    says: "steps",
  },
  { name: "a search in a loop", text: "rec.l.exists(a, (a + 'x') in rec.l)", item: { l: list }, says: "steps" },
  { name: "a list of lists", text: "rec.l.map(a, rec.l)", item: { l: list }, says: "steps" },
  { name: "a text put in place of each letter", text: "rec.a.replace('a', rec.a)", item: { a: "a".repeat(5_000) }, says: "characters" },
  { name: "a text put between all letters", text: "rec.a.replace('', rec.a)", item: { a: "a".repeat(5_000) }, says: "characters" },
  { name: "a list joined by a long text", text: "rec.l.join(rec.a)", item: { l: list, a: long }, says: "characters" },
  { name: "a long text in every element", text: "rec.l.map(a, rec.a)", item: { l: list, a: long }, says: "characters" },
  { name: "a text cut at every letter", text: "rec.a.split('')", item: { a: long }, says: "steps" },
  { name: "a pattern that nests repetitions", text: "rec.a.matches('^(a+)+$')", item: { a: `${"a".repeat(50_000)}!` }, gives: false },
  {
    name: "a pattern with too many states for the text",
    text: "rec.a.matches('(a?){1000}(a?){1000}')",
    item: { a: long },
    says: "too long",
  },
  { name: "a pattern out of the item", text: "rec.a.matches(rec.b)", item: { a: long, b: "(a?){1000}".repeat(5) }, says: "too long" },
  { name: "a pattern out of the item with a back-reference", text: "rec.a.matches(rec.b)", item: { a: "aa", b: "(a)\\1" }, says: "escape" },
  { name: "a pattern out of the item that is open", text: "rec.a.matches(rec.b)", item: { a: "a", b: "(" }, says: "missing closing" },
  {
    name: "a pattern out of the item that repeats without bound",
    text: "rec.a.matches(rec.b)",
    item: { a: "a", b: "((a{1000}){1000}){1000}" },
    says: "repeat",
  },
  { name: "a number beyond 2^53", text: "rec.n * 9007199254740991", item: { n: 1000 }, says: "exactly" },
  { name: "a number beyond 2^63", text: "rec.n * 9007199254740991 * 9007199254740991", item: { n: 1000 }, says: "overflow" },
  { name: "a division by zero", text: "1 / rec.n", item: { n: 0 }, says: "zero" },
  { name: "a rest of a division by zero", text: "1 % rec.n", item: { n: 0 }, says: "zero" },
  { name: "an infinite number", text: "1.0 / rec.n", item: { n: 0 }, says: "" },
  { name: "a member of a prototype", text: "rec.constructor.prototype.polluted == null", item: {}, gives: true },
  { name: "the member __proto__", text: "rec.__proto__ == null", item: {}, gives: true },
  { name: "a text where a list is expected", text: "rec.l.exists(x, x == 'a')", item: { l: "abc" }, says: "" },
  { name: "a list where a text is expected", text: "rec.a.trim()", item: { a: ["x"] }, says: "overload" },
  { name: "an index beyond the end", text: "rec.l[10]", item: { l: ["a"] }, says: "" },
  { name: "a negative index", text: "rec.l[-1]", item: { l: ["a"] }, says: "" },
  { name: "a time that is none", text: "timestamp(rec.a)", item: { a: "never" }, says: "timestamp" },
  { name: "a number that is none", text: "int(rec.a)", item: { a: "1e309" }, says: "int" },
  { name: "a deep value looked at", text: "rec.a == rec.b", item: { a: deep(90) as Json, b: deep(90) as Json }, gives: true },
  { name: "lone surrogates in small letters", text: "rec.a.lower()", item: { a: "\ud800X" }, gives: "\ud800x" },
]
