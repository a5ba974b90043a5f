// A played story as plain text that is the same on every machine and every day: what was said, done, typed and proved,
// and what a step shows, with ids, times, durations, ports and folders replaced by words. Kept beside the example.
import type { Traffic } from "./mock-system.ts"
import type { Played, StoryEvent } from "./play.ts"

const STABLE: readonly (readonly [RegExp, string])[] = [
  [/https?:\/\/127\.0\.0\.1:\d+/g, "http://127.0.0.1:PORT"],
  [/\b(rec|run|rev|lnk|int|qua|q|jrn|dec|con|ct)_[A-Za-z0-9_-]+/g, "$1_ID"],
  [/\b[0-9a-f]{16,64}\b/g, "HASH"],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z| UTC)?/g, "TIME"],
  [/\b\d\d:\d\d:\d\d\b/g, "TIME"],
  [/\b\d+(?:\.\d+)? ?(?:ms|min|s|h|days)\b(?: ago)?/g, "SOME TIME"],
  [/\bjust now\b/g, "SOME TIME"],
  // who was later depends on how fast the story was played
  [/\bchanged last: .*/g, "changed last: SOMEBODY"],
  // what follows a time in a narrow cell is cut where the time leaves off
  [/(SOME TIME; [^…\n]*?over \S+).*…/g, "$1 …"],
]

export const stableText = (text: string, folder: string): string =>
  text
    .split("\n")
    .map((line) => stableLine(line.replaceAll(folder, "FOLDER")))
    .join("\n")

const stableLine = (line: string): string => {
  const stable = STABLE.reduce((rest, [pattern, word]) => rest.replaceAll(pattern, word), line)
  // A column is as wide as what varies in it, so its padding varies as well.
  return (stable === line ? line : stable.replaceAll(/(?<=\S) {2,}/g, "  ")).trimEnd()
}

export const transcript = ({ events, folder }: Played): string =>
  `${events
    .flatMap((event) => linesOf(event, folder))
    .join("\n")
    .trim()}\n`

const linesOf = (event: StoryEvent, folder: string): readonly string[] => {
  switch (event.kind) {
    case "opened":
      return [event.title, "=".repeat(event.title.length)]
    case "step":
      return ["", `${event.number}. ${event.say}`]
    case "did":
      return [`   ${event.system}: ${stableText(event.text, folder)}`]
    case "runs":
      return [`   $ syncline ${stableText(event.argv.join(" "), folder)}`]
    case "ran":
      return [
        ...(event.shows ? block(stableText(`${event.finished.stdout}${event.finished.stderr}`.trimEnd(), folder)) : []),
        `     exit ${event.finished.exit ?? "by a signal"}, ${writesText(event.traffic)}`,
      ]
    case "checked":
      return [`   ✓ ${event.check.what}`]
  }
}

const block = (text: string): readonly string[] => (text === "" ? [] : text.split("\n").map((line) => (line === "" ? "" : `     ${line}`)))

const writesText = (traffic: ReadonlyMap<string, Traffic>): string => {
  const written = [...traffic].filter(([, { changed }]) => changed > 0).map(([name, { changed }]) => `${changed} in ${name}`)
  return written.length === 0 ? "nothing written" : `written: ${written.toSorted().join(", ")}`
}
