// What a hostile argument or file is: what lies in the folder, what is typed, and how the command must end.
import { writeFileSync } from "node:fs"
import { join } from "node:path"

export interface ArgumentCase {
  readonly name: string
  /** Prepares the folder, which holds a starter pipeline. */
  readonly given?: (folder: string) => void
  readonly args: readonly string[]
  readonly code: number
  readonly says: RegExp
}

export const file =
  (name: string, content: string | Uint8Array) =>
  (folder: string): void =>
    writeFileSync(join(folder, name), content)
