// Strings as SQLite can hold them. UTF-8 has no lone surrogates, so two different remote ids could become one;
// such a text is stored as its escaped JSON behind a mark instead. All others are stored as they are.
const MARK = "\u0001"

export const toText = (text: string): string => (text.isWellFormed() && !text.startsWith(MARK) ? text : MARK + JSON.stringify(text))

export function fromText(text: string): string {
  if (!text.startsWith(MARK)) return text
  const parsed: unknown = JSON.parse(text.slice(1))
  if (typeof parsed !== "string") throw new Error("a marked text does not hold a string")
  return parsed
}

export const toTextOrNull = (text: string | null): string | null => (text === null ? null : toText(text))
export const fromTextOrNull = (text: string | null): string | null => (text === null ? null : fromText(text))
