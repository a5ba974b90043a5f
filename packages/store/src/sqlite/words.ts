// Texts that many rows repeat, kept once and named by a number. Numbers never change and words are never removed, so what
// was read once may be remembered; what a transaction added is forgotten when it is rolled back.
import type { Sqlite } from "./sqlite.ts"

/** Beyond this many remembered words the memory is emptied: names of runs come up for ever. */
const REMEMBERED_MAX = 10_000

export type Words = ReturnType<typeof openWords>

export function openWords(db: Sqlite, table: "word" | "shape") {
  const byText = db.prepare<[string], number>(`SELECT no FROM ${table} WHERE text = ?`).pluck()
  const byNo = db.prepare<[number], string>(`SELECT text FROM ${table} WHERE no = ?`).pluck()
  const add = db.prepare<[string], number>(`INSERT INTO ${table} (text) VALUES (?) RETURNING no`).pluck()
  const last = db.prepare<[], number>(`SELECT max(no) FROM ${table}`).pluck()
  let numbers = new Map<string, number>()
  let texts = new Map<number, string>()
  let pairs = new Map<number, Pair>()

  const forget = (): void => {
    numbers = new Map()
    texts = new Map()
    pairs = new Map()
  }
  const remember = (no: number, text: string): void => {
    if (texts.size >= REMEMBERED_MAX) forget()
    numbers.set(text, no)
    texts.set(no, text)
  }

  /** The number of a word, if it ever came up. */
  const known = (text: string): number | null => {
    const remembered = numbers.get(text)
    if (remembered !== undefined) return remembered
    const no = byText.get(text)
    if (no === undefined) return null
    remember(no, text)
    return no
  }

  const textOf = (no: number): string => {
    const remembered = texts.get(no)
    if (remembered !== undefined) return remembered
    const text = byNo.get(no)
    if (text === undefined) throw new Error(`${table} ${no} is missing from the store`)
    remember(no, text)
    return text
  }

  return {
    forget,
    /** How many there are; they are numbered from 1 without gaps. */
    count: (): number => last.get() ?? 0,
    known,
    /** The number of a word, new if need be: only inside a writing transaction. */
    number: (text: string): number => {
      const found = known(text)
      if (found !== null) return found
      const no = add.get(text)
      if (no === undefined) throw new Error("a new word got no number")
      remember(no, text)
      return no
    },
    text: textOf,
    pair: (no: number): Pair => {
      let pair = pairs.get(no)
      if (pair === undefined) {
        pair = splitPair(textOf(no))
        pairs.set(no, pair)
      }
      return pair
    },
  }
}

type Pair = readonly [entity: string, name: string]

/** Two names as one word: an entity with a binding, an entity with a match key. */
export const pairWord = (entity: string, name: string): string => JSON.stringify([entity, name])

function splitPair(word: string): Pair {
  const pair: unknown = JSON.parse(word)
  if (!Array.isArray(pair) || typeof pair[0] !== "string" || typeof pair[1] !== "string") throw new Error(`not a pair: ${word}`)
  return [pair[0], pair[1]]
}
