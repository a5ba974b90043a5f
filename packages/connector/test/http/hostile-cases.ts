// Hostile answers as data: what a real server sends on the wire, byte by byte where it must, and what the client makes of it.
import { gzipSync } from "node:zlib"

export interface AnswerCase {
  readonly name: string
  /** The whole answer as it goes over the wire; the connection is closed behind it, unless it `stays` open. */
  readonly wire: () => readonly (string | Uint8Array)[]
  readonly stays?: boolean
  /** Sent again and again until the client hangs up. */
  readonly endless?: string
  /** What a read makes of it: a body, or a fault of this class. */
  readonly body?: unknown
  readonly fault?: string
  readonly says?: string
  /** Longest answer that is taken; little, so that tests are quick. */
  readonly timeoutMs?: number
  /** What a change makes of it, where nobody can know whether it happened: `unknown` unless told otherwise. */
  readonly change?: string
}

const answer = (body: string | Uint8Array, head = "", status = "200 OK"): (string | Uint8Array)[] => [
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\nconnection: close\r\n${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n`,
  body,
]
const chunked = (parts: string, head = ""): string[] => [
  `HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n${head}\r\n`,
  parts,
]
const packed = (bytes: Uint8Array, name = "gzip"): (string | Uint8Array)[] => answer(bytes, `content-encoding: ${name}\r\n`)
const sized = (length: string, body: string): string[] => [
  `HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n`,
  body,
]
const lines = (count: number, line: (at: number) => string): string => Array.from({ length: count }, (_, at) => line(at)).join("")

const bodies: readonly AnswerCase[] = (
  [
    ["an HTML page with status 200", "<!DOCTYPE html><html><body>Please log in</body></html>", "an HTML page"],
    ["a page that runs a script", "<html><script>alert(1)</script>x</html>", "an HTML page"],
    ["half a document", '{"a": [1, 2', "not JSON"],
    ["two documents", "{}{}", "not JSON"],
    ["a document and a word", "{} trailing", "not JSON"],
    ["JavaScript", "while(1);{}", "not JSON"],
    ["a callback", "callback({})", "not JSON"],
    ["XML", "<?xml version='1.0'?><a/>", "not JSON"],
    ["NaN", '{"a": NaN}', "not JSON"],
    ["Infinity", '{"a": Infinity}', "not JSON"],
    ["single quotes", "{'a': 1}", "not JSON"],
    ["a comment", '{"a": 1} // x', "not JSON"],
    ["a comma too many", "[1,]", "not JSON"],
    ["a raw line break in a text", '{"a": "x\ny"}', "not JSON"],
    ["NUL bytes", "\u0000\u0000\u0000", "not JSON"],
    ["lists 100 000 levels deep", "[".repeat(100_000) + "]".repeat(100_000), "deeper than 100"],
    ["objects 100 000 levels deep", '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000), "deeper than 100"],
    ["brackets that never close", "[".repeat(500_000), "not JSON"],
  ] as const
).map(([what, text, says]): AnswerCase => ({ name: what, wire: () => answer(text), fault: "transient", says }))

const bytes: readonly AnswerCase[] = [
  { name: "broken UTF-8", wire: () => answer(Buffer.from([0x22, 0xff, 0xfe, 0x22])), fault: "transient", says: "not valid text" },
  { name: "an overlong slash", wire: () => answer(Buffer.from([0x22, 0xc0, 0xaf, 0x22])), fault: "transient", says: "not valid text" },
  {
    name: "a surrogate in UTF-8",
    wire: () => answer(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])),
    fault: "transient",
    says: "not valid text",
  },
  {
    name: "a text that ends in half a letter",
    wire: () => answer(Buffer.from([0x22, 0x61, 0xe2, 0x82])),
    fault: "transient",
    says: "not valid text",
  },
  { name: "UTF-16 that is called JSON", wire: () => answer(Buffer.from('"a"', "utf16le")), fault: "transient", says: "not JSON" },
  { name: "a byte order mark before the document", wire: () => answer(`\ufeff{"a":1}`), body: { a: 1 } },
  {
    name: "an unknown encoding",
    wire: () => [`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json; charset=klingon\r\n\r\n{}`],
    fault: "transient",
    says: "not valid text",
  },
  { name: "an escaped lone surrogate stays what it is", wire: () => answer('{"a":"\\ud800"}'), body: { a: "\ud800" } },
  { name: "an escaped NUL stays what it is", wire: () => answer('{"a":"\\u0000"}'), body: { a: "\u0000" } },
  { name: "a member twice: the last counts", wire: () => answer('{"a":1,"a":2}'), body: { a: 2 } },
  { name: "a member named __proto__ is dropped", wire: () => answer('{"__proto__":{"polluted":1},"a":1}'), body: { a: 1 } },
  {
    name: "a member named constructor is data",
    wire: () => answer('{"constructor":{"prototype":1}}'),
    body: { constructor: { prototype: 1 } },
  },
  { name: "whole numbers beyond 2^53 keep their digits", wire: () => answer('{"id":9007199254740993}'), body: { id: "9007199254740993" } },
  { name: "1e309 keeps its text", wire: () => answer('{"a":1e309}'), body: { a: "1e309" } },
  { name: "a number of a thousand digits keeps them", wire: () => answer(`[${"9".repeat(1000)}]`), body: ["9".repeat(1000)] },
  { name: "a bare text", wire: () => answer('"hello"'), body: "hello" },
  { name: "null", wire: () => answer("null"), body: null },
  { name: "nothing at all", wire: () => answer(""), body: null },
  { name: "blanks", wire: () => answer(" \r\n "), body: null },
  { name: "100 000 members", wire: () => answer(`{${lines(99_999, (at) => `"k${at}":1,`)}"z":1}`), body: "…" },
]

const framing: readonly AnswerCase[] = [
  { name: "fewer bytes than promised", wire: () => sized("1000", "{}"), fault: "transient", says: "no usable answer" },
  { name: "more bytes than promised: the rest is nobody's", wire: () => sized("2", '{}HTTP/1.1 200 OK\r\n\r\n{"evil":1}'), body: {} },
  { name: "a length that is negative", wire: () => sized("-5", "{}"), fault: "transient", says: "no usable answer" },
  { name: "a length that is no number", wire: () => sized("many", "{}"), fault: "transient", says: "no usable answer" },
  { name: "a length beyond all numbers", wire: () => sized("99999999999999999999999", "{}"), fault: "transient", says: "no usable answer" },
  {
    name: "two lengths",
    wire: () => [`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} `],
    fault: "transient",
    says: "no usable answer",
  },
  {
    name: "a length and chunks",
    wire: () => chunked("2\r\n{}\r\n0\r\n\r\n", "content-length: 5\r\n"),
    fault: "transient",
    says: "no usable answer",
  },
  { name: "a chunk whose size is no number", wire: () => chunked("zz\r\n{}\r\n0\r\n\r\n"), fault: "transient", says: "no usable answer" },
  {
    name: "a chunk that is larger than all memory",
    wire: () => chunked("ffffffffffffffffff\r\n{}"),
    fault: "transient",
    says: "no usable answer",
  },
  { name: "a chunk that ends in the middle", wire: () => chunked("ff\r\n{}"), fault: "transient", says: "no usable answer" },
  { name: "chunks without an end", wire: () => chunked("2\r\n{}\r\n"), fault: "transient", says: "no usable answer" },
  { name: "an answer that is no HTTP", wire: () => ["SSH-2.0-OpenSSH_9.9\r\n"], fault: "transient", says: "no usable answer" },
  { name: "an empty answer", wire: () => [], fault: "transient", says: "no usable answer" },
  { name: "a status that is no number", wire: () => ["HTTP/1.1 abc OK\r\n\r\n"], fault: "transient", says: "no usable answer" },
  { name: "a status of 999", wire: () => answer("{}", "", "999 Odd"), fault: "transient", change: "unknown" },
  {
    name: "an answer that stops in its headers",
    wire: () => ["HTTP/1.1 200 OK\r\ncontent-ty"],
    fault: "transient",
    says: "no usable answer",
  },
  {
    name: "a header with a bare line feed and a second header in it",
    wire: () => answer('{"a":1}', "x-a: b\r\nset-cookie: s=1\r\n"),
    body: { a: 1 },
  },
  { name: "a header with NUL", wire: () => answer("{}", "x-a: a\u0000b\r\n"), fault: "transient", says: "no usable answer" },
  {
    name: "a header of a megabyte",
    wire: () => answer("{}", `x-a: ${"a".repeat(1_000_000)}\r\n`),
    fault: "transient",
    says: "headers are too long",
  },
  {
    name: "ten thousand headers",
    wire: () =>
      answer(
        "{}",
        lines(10_000, (at) => `x-${at}: ${at}\r\n`),
      ),
    fault: "transient",
    says: "headers are too long",
  },
  { name: "a header named __proto__", wire: () => answer("{}", "__proto__: x\r\n"), body: {} },
  {
    name: "headers without end",
    wire: () => ["HTTP/1.1 200 OK\r\n"],
    endless: "x-a: b\r\n",
    fault: "transient",
    says: "headers are too long",
  },
  {
    name: "a body without end",
    wire: () => ["HTTP/1.1 200 OK\r\n\r\n"],
    endless: " ".repeat(65_536),
    fault: "invalid",
    says: "larger than",
  },
  {
    name: "interim answers without end",
    wire: () => [],
    endless: "HTTP/1.1 102 Processing\r\n\r\n",
    timeoutMs: 500,
    fault: "transient",
    says: "no usable answer",
  },
  { name: "silence", wire: () => [], stays: true, timeoutMs: 200, fault: "transient", says: "no answer within" },
  {
    name: "silence after the headers",
    wire: () => ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"],
    stays: true,
    timeoutMs: 200,
    fault: "transient",
    says: "no answer within",
  },
]

const packing: readonly AnswerCase[] = [
  {
    name: "a packed answer that unpacks into 30 MB",
    wire: () => packed(gzipSync(Buffer.alloc(30_000_000, 32))),
    fault: "invalid",
    says: "larger than",
  },
  {
    name: "a packed answer in a packed answer in a packed answer",
    wire: () => packed(gzipSync(gzipSync(gzipSync("{}"))), "gzip, gzip, gzip"),
    fault: "transient",
    says: "packed too many times",
  },
  {
    name: "a packed answer that is cut",
    wire: () => packed(gzipSync(JSON.stringify({ a: "x".repeat(999) })).subarray(0, 20)),
    fault: "transient",
    says: "damaged",
  },
  { name: "a packed answer that is not packed", wire: () => packed(Buffer.from("{}")), fault: "transient", says: "damaged" },
  { name: "a packing nobody asked for", wire: () => packed(Buffer.from("{}"), "lzma"), fault: "transient", says: "not asked for" },
  { name: "a packing named __proto__", wire: () => packed(Buffer.from("{}"), "__proto__"), fault: "transient", says: "not asked for" },
]

const elsewhere: readonly AnswerCase[] = [
  ["the cloud's own address", "http://169.254.169.254/latest/meta-data"],
  ["the same in one number", "http://2852039166/"],
  ["the same in hexadecimal", "http://0xa9fea9fe/"],
  ["the same in octal", "http://0251.0376.0251.0376/"],
  ["the same as an IPv6 address", "http://[::ffff:169.254.169.254]/"],
  ["a private network", "http://10.0.0.1/"],
  ["another port of this machine", "http://127.0.0.1:1/"],
  ["another name of this machine", "http://localhost/"],
  ["another host", "https://evil.example/"],
  ["another host, without a scheme", "//evil.example/"],
  ["a host with a name before it", "http://127.0.0.1@evil.example/"],
  ["a file", "file:///etc/passwd"],
  ["a script", "javascript:alert(1)"],
  ["data", "data:application/json,{}"],
].map(([what = "", location = ""]): AnswerCase => ({
  name: `a redirect to ${what}`,
  wire: () => answer("", `location: ${location}\r\n`, "302 Found"),
  fault: "transient",
  change: "transient",
}))

const refusals: readonly AnswerCase[] = [
  { name: "a redirect to nowhere", wire: () => answer("", "", "302 Found"), fault: "transient", change: "transient" },
  { name: "a redirect to itself", wire: () => answer("", "location: /\r\n", "302 Found"), fault: "transient", change: "transient" },
  {
    name: "an error that is a page of a gateway",
    wire: () => answer("<html>404</html>", "", "404 Not Found"),
    fault: "transient",
    change: "transient",
  },
  {
    name: "an error whose words hold escape sequences",
    wire: () => answer('{"detail":"\\u001b[2Jgone\\u202e"}', "", "422 No"),
    fault: "invalid",
    change: "invalid",
    says: "gone",
  },
  {
    name: "an error of a million characters",
    wire: () => answer(JSON.stringify({ detail: "x".repeat(1_000_000) }), "", "422 No"),
    fault: "invalid",
    change: "invalid",
    says: "…",
  },
  {
    name: "an error whose fields are named __proto__",
    wire: () => answer('{"errors":[{"field":"__proto__","message":"x"}]}', "", "422 No"),
    fault: "invalid",
    change: "invalid",
  },
  {
    name: "an error with 20 000 fields",
    wire: () =>
      answer(JSON.stringify({ errors: Array.from({ length: 20_000 }, (_, at) => ({ field: `f${at}`, message: "x" })) }), "", "422 No"),
    fault: "invalid",
    change: "invalid",
  },
  { name: "an error that is no object", wire: () => answer("[[[]]]", "", "400 No"), fault: "invalid", change: "invalid" },
  {
    name: "an error whose message is an object",
    wire: () => answer('{"message":{"a":1},"detail":[]}', "", "400 No"),
    fault: "invalid",
    change: "invalid",
  },
]

export const ANSWER_CASES: readonly AnswerCase[] = [...bodies, ...bytes, ...framing, ...packing, ...elsewhere, ...refusals]
