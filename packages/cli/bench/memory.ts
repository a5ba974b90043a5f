// The most memory that a process ever had resident, as the kernel counts it; asked for while it lives.
import { readFileSync } from "node:fs"

const EVERY_MS = 50

/** `end`: the peak in MB so far; 0 where the system does not tell. */
export function watchMemory(pid: number): { readonly end: () => number } {
  let peakKb = 0
  const look = (): void => {
    try {
      const kb = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
      peakKb = Math.max(peakKb, Number(kb ?? 0))
    } catch {
      // it has ended, or there is no /proc here
    }
  }
  const timer = setInterval(look, EVERY_MS)
  return {
    end: () => {
      clearInterval(timer)
      return peakKb / 1024
    },
  }
}
