// `Retry-After` as data: what servers write there, and the pause that is made of it.

/** `Retry-After` as nobody should write it, and the pause in ms that is made of it; undefined: it says nothing. */
export const PAUSES: readonly (readonly [text: string, ms: number | undefined])[] = [
  ["-1", undefined],
  ["-99999999", undefined],
  ["0", 0],
  ["1.5", 1500],
  ["999999999999", 86_400_000],
  ["9999999999999999999999", undefined],
  ["1e9", undefined],
  ["Infinity", undefined],
  ["NaN", undefined],
  ["soon", undefined],
  ["", undefined],
  ["0x10", undefined],
  ["12, 13", undefined],
  ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ["Fri, 31 Dec 9999 23:59:59 GMT", 86_400_000],
  ["Fri, 31 Dec 99999 23:59:59 GMT", 86_400_000],
  ["Thu, 32 Jan 2026 00:00:00 GMT", undefined],
  ["2026-01-01", undefined],
  ["; DROP TABLE limits", undefined],
]
