// What every renderer needs beside its data: colours, columns, and the present moment.
import type { Paint } from "../screen/screen.ts"

export interface View {
  readonly paint: Paint
  readonly width: number
  readonly now: number
}
