// How the conformance kit meets this connector: three files in a temporary folder, and what their users do to them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { JsonObject } from "@syncline/connector"
import type { Conduct, Conformance, Outside } from "@syncline/testkit/connector"

const columns = ["id", "email", "name", "city"]

const conduct: Conduct = {
  item: { email: "{unique}@example.com", name: "Ann {unique}", city: "Oslo" },
  edit: { name: "Edited {unique}" },
  text: "name",
  clear: "city",
  invalid: { id: "another-{unique}" },
}

/** People edit lines of a file with an editor. */
const outsideOf = (path: string): Outside => {
  const lines = (): string[] => readFileSync(path, "utf8").split("\n")
  const withLine = (id: string, change: (line: string) => string | null): void =>
    writeFileSync(
      path,
      lines()
        .flatMap((line) => (line.includes(id) ? (change(line) ?? []) : line))
        .join("\n"),
    )
  return {
    delete: async (id) => withLine(id, () => null),
    edit: async (id, set: JsonObject) =>
      withLine(id, (line) => {
        if (path.endsWith(".ndjson")) return JSON.stringify({ ...JSON.parse(line), ...set })
        const cells = line.split(",")
        for (const [name, value] of Object.entries(set)) cells[columns.indexOf(name)] = String(value ?? "")
        return cells.join(",")
      }),
  }
}

export const conformance: Conformance = {
  wire: "none",
  start: async () => {
    const folder = mkdtempSync(join(tmpdir(), "syncline-files-"))
    writeFileSync(join(folder, "people.csv"), `${columns.join(",")}\n`)
    writeFileSync(join(folder, "people.ndjson"), "")
    return {
      folder,
      config: {
        files: {
          rows: { file: "people.csv", unique: ["email"], columns },
          lines: { file: "people.ndjson", unique: ["email"], columns, optional: true },
        },
      },
      outside: { rows: outsideOf(join(folder, "people.csv")), lines: outsideOf(join(folder, "people.ndjson")) },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
  resources: { rows: conduct, lines: conduct },
}
