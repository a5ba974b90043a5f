// `connector new`: a folder with a connector to begin with, a fake of its system, and the conformance suite, which passes at
// once. What is there already is never overwritten.
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { EXIT, type ExitCode } from "../exit.ts"
import { usage } from "../failure.ts"
import { plural } from "../render/count.ts"
import { filesOf, type Flavour } from "../scaffold/files.ts"
import { samplePlan } from "../scaffold/sample-plan.ts"
import type { Screen } from "../screen/screen.ts"

export interface ConnectorNewOptions {
  readonly flavour: Flavour
  readonly fromOpenapi?: string
}

export async function connectorNew(screen: Screen, name: string, { flavour, fromOpenapi }: ConnectorNewOptions): Promise<ExitCode> {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(name))
    throw usage(`${JSON.stringify(name)} is no name for a connector.`, "Small letters, digits and hyphens, first a letter: acme, acme-crm")
  if (fromOpenapi !== undefined && flavour === "code") throw usage("An OpenAPI file makes a manifest.", "Leave --code away")
  const folder = resolve(screen.shell.cwd, name)
  if (existsSync(folder)) throw usage(`${name} is there already, and nothing is overwritten.`, "Choose another name, or move it away")
  const plan =
    fromOpenapi === undefined
      ? samplePlan(name, titleOf(name))
      : await (await import("../scaffold/openapi/read-openapi.ts")).readOpenapi(resolve(screen.shell.cwd, fromOpenapi), fromOpenapi, name)
  const files = filesOf(plan, flavour)
  const show = (path: string): string => relative(screen.shell.cwd, join(folder, path))
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text, { flag: "wx" })
    screen.out(`${screen.paint.green("✓")} ${show(path)}`)
  }
  const decisions = [...files].flatMap(([path, text]) =>
    text.split("\n").flatMap((line, at) => {
      const question = /(?:#|\/\/) DECIDE: (.*)$/.exec(line)?.[1]
      return question === undefined ? [] : [{ file: show(path), line: at + 1, question }]
    }),
  )
  screen.out(
    [
      "",
      `${plural(decisions.length, "decision")} for you, marked DECIDE, each where it matters:`,
      ...decisions.map(({ file, line, question }) => `  ${screen.paint.dim(`${file}:${line}`)}  ${question}`),
      "",
      "It works as it is, against the fake beside it:",
      `  syncline connector test ./${name}`,
      `  syncline connector describe ./${name}`,
    ].join("\n"),
  )
  screen.answer("connector new", {
    name,
    flavour,
    files: [...files.keys()].map(show),
    decisions,
    next: `syncline connector test ./${name}`,
  })
  return EXIT.done
}

const titleOf = (name: string): string =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ")
