// Progress of a pass on stderr: bars on a terminal, one line a stage elsewhere. Enters the engine's events.
import type { Progress } from "@syncline/core"
import type { MultiBar, SingleBar } from "cli-progress"
import { cleanText } from "../render/clean.ts"
import { plural, showCount } from "../render/count.ts"
import type { Screen } from "./screen.ts"

export interface ProgressShown {
  readonly show: (event: Progress) => void
  readonly end: () => void
}

export async function openProgress(screen: Screen): Promise<ProgressShown> {
  if (screen.json) return { show: () => {}, end: () => {} }
  if (!screen.shell.live) return lines(screen)
  const { default: progress } = await import("cli-progress")
  return bars(screen, progress.MultiBar)
}

function lines(screen: Screen): ProgressShown {
  return {
    show: (event) => {
      const line = stageLine(event)
      if (line !== null) screen.note(line)
    },
    end: () => {},
  }
}

/** Only what is finished is worth a line in a log. */
export function stageLine(event: Progress): string | null {
  switch (event.stage) {
    case "recover":
      return event.intents === 0 ? null : `recover  ${plural(event.intents, "write")} from a run that ended early`
    case "pull":
      return event.done ? `read     ${cleanText(event.binding)}  ${plural(event.read, "item")}` : null
    case "deliver":
      return event.done && event.total > 0
        ? `write    ${cleanText(event.binding)}  ${showCount(event.written)} of ${showCount(event.total)}`
        : null
    case "unreachable":
      return `✗        ${cleanText(event.system)}  ${cleanText(event.message)}`
  }
}

const LONGEST_NAME = 24
const BAR_WIDTH = 24

function bars(screen: Screen, Bars: typeof MultiBar): ProgressShown {
  const multi = new Bars({
    stream: screen.shell.stderr as NodeJS.WriteStream, // only called where stderr is a terminal
    format: ` {verb} {name} {bar} {count}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: BAR_WIDTH,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
    emptyOnZero: true,
    linewrap: false,
  })
  const open = new Map<string, SingleBar>()
  return {
    show: (event) => {
      if (event.stage === "recover") return
      if (event.stage === "unreachable") {
        multi.log(`${stageLine(event) ?? ""}\n`)
        return
      }
      const pulling = event.stage === "pull"
      const at = pulling ? event.read : event.written
      const total = Math.max(1, pulling ? (event.total ?? event.read) : event.total, at)
      if (!pulling && event.total === 0) return
      const key = `${event.stage} ${event.binding}`
      const count = event.done
        ? `${showCount(at)} ✓`
        : pulling && event.total === null
          ? showCount(at)
          : `${showCount(at)} of ${showCount(total)}`
      const payload = {
        verb: pulling ? "read " : "write",
        name: cleanText(event.binding).padEnd(LONGEST_NAME).slice(0, LONGEST_NAME),
        count,
      }
      const bar = open.get(key) ?? multi.create(total, 0, payload)
      open.set(key, bar)
      bar.setTotal(total)
      bar.update(event.done ? total : at, payload)
    },
    end: () => multi.stop(),
  }
}
