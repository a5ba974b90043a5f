// Widths as a terminal counts them: wide scripts two columns, combining marks none. Enters text that is cleaned and perhaps
// coloured. The tables of Unicode take longer to load than most commands run, so they are loaded by the first text that
// needs them: one of plain letters is measured and left whole without.
import { createRequire } from "node:module"
import type cliTruncate from "cli-truncate"
import type stringWidth from "string-width"
import type wrapAnsi from "wrap-ansi"

/* oxlint-disable no-control-regex -- what colours text begins with one */

/** Letters that take one column each, and the signs of our own tables. */
const PLAIN = /^[ -~¡-¬®-ÿ–…→✓✗⏎]*$/
const COLOUR = /\u001b\[\d{1,3}m/g

/** Blank edges are trimmed where a text is wrapped. */
const EDGES = /^(?:\u001b\[\d{1,3}m)*\s|\s(?:\u001b\[\d{1,3}m)*$/

const load = createRequire(import.meta.url)
// What is required is of no type; each is the package of that name.
const measure = (): { readonly default: typeof stringWidth } => load("string-width")
const truncate = (): { readonly default: typeof cliTruncate } => load("cli-truncate")
const wrapper = (): { readonly default: typeof wrapAnsi } => load("wrap-ansi")

/** null: not of plain letters only. */
const plainWidth = (text: string): number | null => {
  const bare = text.replaceAll(COLOUR, "")
  return PLAIN.test(bare) ? bare.length : null
}

export const widthOf = (text: string): number => plainWidth(text) ?? measure().default(text)

/** Cut to `width` columns at most; what is cut ends in "…". */
export const cut = (text: string, width: number): string => (widthOf(text) <= width ? text : truncate().default(text, width))

/** Broken into lines of `width` columns at most, within a word where there is no other way. */
export function wrap(text: string, width: number): string {
  const whole = plainWidth(text)
  return whole !== null && whole <= width && !EDGES.test(text) ? text : wrapper().default(text, width, { hard: true })
}
