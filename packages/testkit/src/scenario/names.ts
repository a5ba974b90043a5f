// Words in a step's command that stand for ids nobody knows when a story is written: a question, an item in quarantine, a run.
import { isObject, type Json, type JsonObject } from "@syncline/connector"

const PLACEHOLDER = /^\{(?<what>review|quarantined|record|run)(?::(?<which>[^}]+))?\}$/

export interface Known {
  /** One of the command line's lists. */
  readonly list: (command: readonly string[]) => Promise<readonly Json[]>
  readonly lastRun: () => Promise<string>
  /** By any key of it. */
  readonly recordOf: (key: string) => Promise<string>
}

/** `{review}`, `{review:FIELD}`, `{quarantined}`, `{quarantined:BINDING}`: the only one there is. `{run}`: the last one. `{record:KEY}`. */
export const withNames = (argv: readonly string[], known: Known): Promise<readonly string[]> =>
  Promise.all(
    argv.map(async (word) => {
      const { what, which } = PLACEHOLDER.exec(word)?.groups ?? {}
      switch (what) {
        case "run":
          return known.lastRun()
        case "record":
          return known.recordOf(which ?? "")
        case "review":
          return only(word, "open review", await known.list(["review", "list"]), (each) => which === undefined || each["field"] === which)
        case "quarantined":
          return only(
            word,
            "item in quarantine",
            await known.list(["quarantine", "list"]),
            (each) => which === undefined || each["binding"] === which,
          )
        default:
          return word
      }
    }),
  )

function only(word: string, what: string, all: readonly Json[], fits: (each: JsonObject) => boolean): string {
  const found = all.filter(isObject).filter(fits)
  const [one] = found
  if (one === undefined || found.length > 1) throw new Error(`${word} stands for one ${what}, and there are ${found.length}`)
  return String(one["id"])
}
