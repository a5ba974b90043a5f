// Remote text on its way to a terminal. Enters anything a system may have stored, leaves one line that cannot move the
// cursor, change colours, ring, hide itself or turn the reading direction of what follows.

/* oxlint-disable no-control-regex -- control characters are what is looked for */

// Escape sequences first and whole: what remains of a half-removed one would be printed as litter.
const ESCAPES =
  /[\u001b\u009b](?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[[\]()#;?]*(?:\d{1,4}(?:[;:]\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~])?/gu
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu

export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(ESCAPES, "")
    .replace(/\r\n|[\n\r\u2028\u2029]/gu, "⏎")
    .replace(/\t/gu, " ")
    .replace(CONTROLS, "")
}
