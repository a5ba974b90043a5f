// Stories that once went wrong, or that tell what a seed seldom tells, kept as they were drawn. Out: each with its name.
import { readdirSync, readFileSync } from "node:fs"
import type { Story } from "../../src/sim/index.ts"

const FOLDER = new URL("stories/", import.meta.url)

/** The name says in words what holds. */
export const keptStories = (): readonly { readonly name: string; readonly story: Story }[] =>
  readdirSync(FOLDER).map((file) => ({
    name: file.replace(/\.json$/, "").replaceAll("-", " "),
    // written by this project, and played at once
    story: JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as Story,
  }))
