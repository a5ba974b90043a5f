// What a piece of work took of its own thread, whatever else the machine does meanwhile: the better of two tries, because
// the first may pay for the compiler.

/** Nothing may hold up the event loop for longer. */
export const LONGEST_BLOCK_MS = 250

export function threadMs(work: () => void): number {
  const once = (): number => {
    const before = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1_000
  }
  const first = once()
  return first < LONGEST_BLOCK_MS ? first : Math.min(first, once())
}
