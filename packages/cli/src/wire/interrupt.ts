// Ctrl-C: the first asks the work to end at the next safe place, the second does not wait.
import { EXIT } from "../exit.ts"
import type { Screen } from "../screen/screen.ts"

export interface Interrupt {
  readonly signal: AbortSignal
  /** Resolves after so many ms, or at once when interrupted or when `sooner` is done. */
  pause(ms: number, sooner?: Promise<void>): Promise<void>
  stop(): void
}

export function listenForInterrupt(screen: Screen, words: string): Interrupt {
  const abort = new AbortController()
  const stop = screen.shell.onInterrupt(() => {
    if (abort.signal.aborted) process.exit(EXIT.interrupted)
    screen.note(`\n${words} (Ctrl-C again stops at once.)`)
    abort.abort()
  })
  return {
    signal: abort.signal,
    stop,
    pause: (ms, sooner) =>
      new Promise((resolve) => {
        if (abort.signal.aborted) return resolve()
        const end = (): void => {
          clearTimeout(timer)
          abort.signal.removeEventListener("abort", end)
          resolve()
        }
        const timer = setTimeout(end, ms)
        abort.signal.addEventListener("abort", end)
        void sooner?.then(end)
      }),
  }
}
