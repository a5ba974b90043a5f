// Tables without frames, fitted to the terminal. Enters cells (cleaned, possibly coloured), leaves lines no wider than
// asked: when there is too little room the widest columns give way first, and a cell that is cut ends in "…".
// Widths are those of a terminal: wide scripts count two, combining marks none.
import { cut, widthOf } from "./width.ts"

export interface Column {
  readonly title: string
  readonly align?: "left" | "right"
  /** Never narrower than this, whatever the terminal. */
  readonly least?: number
}

const GAP = 2
const LEAST = 6

export function columns(
  heads: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  paintHead: (text: string) => string,
): string[] {
  const natural = heads.map((head, i) => Math.max(widthOf(head.title), ...rows.map((row) => widthOf(row[i] ?? ""))))
  const widths = fit(
    natural,
    heads.map((head, i) => Math.min(natural[i] ?? 0, Math.max(head.least ?? LEAST, LEAST))),
    width - GAP * (heads.length - 1),
  )
  const line = (cells: readonly string[], paint?: (text: string) => string): string =>
    heads
      .map((head, i) => {
        const text = cut(cells[i] ?? "", widths[i] ?? 0)
        const space = " ".repeat(Math.max(0, (widths[i] ?? 0) - widthOf(text)))
        const shown = paint === undefined ? text : paint(text)
        return head.align === "right" ? space + shown : shown + space
      })
      .join(" ".repeat(GAP))
      .trimEnd()
  const titled = heads.some((head) => head.title !== "")
  return [
    ...(titled
      ? [
          line(
            heads.map((head) => head.title),
            paintHead,
          ),
        ]
      : []),
    ...rows.map((row) => line(row)),
  ]
}

/** Takes from the widest column, one cell at a time, until everything fits or nothing can give way. */
function fit(natural: readonly number[], least: readonly number[], room: number): number[] {
  const widths = [...natural]
  let over = widths.reduce((sum, each) => sum + each, 0) - room
  while (over > 0) {
    let widest = -1
    for (let i = 0; i < widths.length; i++) {
      if ((widths[i] ?? 0) > (least[i] ?? 0) && (widest < 0 || (widths[i] ?? 0) > (widths[widest] ?? 0))) widest = i
    }
    if (widest < 0) break
    widths[widest] = (widths[widest] ?? 0) - 1
    over--
  }
  return widths
}
