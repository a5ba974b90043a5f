// `init`: a commented starter beside its schema. What is there already is never overwritten.
import { copyFileSync, constants, existsSync, mkdirSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import type { Screen } from "../screen/screen.ts"

const STARTERS: readonly string[] = ["crm-email", "one-way"]
const FILES: readonly string[] = ["pipeline.yaml", "person.schema.json"]

export async function init(screen: Screen, dir: string, from: string): Promise<ExitCode> {
  if (!STARTERS.includes(from)) throw usage(`There is no starter ${from}.`, `There are: ${STARTERS.join(", ")}`)
  const folder = resolve(screen.shell.cwd, dir)
  const show = (name: string): string => relative(screen.shell.cwd, join(folder, name)) || name
  const there = FILES.filter((name) => existsSync(join(folder, name)))
  if (there.length > 0) {
    throw usage(
      `${there.map(show).join(" and ")} ${there.length === 1 ? "is" : "are"} there already, and nothing is overwritten.`,
      "Name another folder: syncline init my-sync",
    )
  }
  mkdirSync(folder, { recursive: true })
  for (const name of FILES) {
    copyFileSync(fileURLToPath(new URL(`../starter/${from}/${name}`, import.meta.url)), join(folder, name), constants.COPYFILE_EXCL)
    screen.out(`${screen.paint.green("✓")} ${show(name)}`)
  }
  const pipeline = show("pipeline.yaml")
  const argument = pipeline === "pipeline.yaml" ? "" : ` ${pipeline}`
  screen.out(
    [
      "",
      "It talks to two mock systems. Start them, each in a terminal of its own:",
      "  syncline mock crm",
      "  syncline mock email",
      "then:",
      `  syncline check${argument}`,
      `  syncline plan${argument}`,
      `  syncline run${argument}`,
    ].join("\n"),
  )
  screen.answer("init", { files: FILES.map(show), next: `syncline check${argument}` })
  return EXIT.done
}
