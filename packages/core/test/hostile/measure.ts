// What a piece of work took of its own thread, whatever else the machine does meanwhile: the best of a few tries, because
// the first pays for the compiler, and a core that is shared makes any of them slower.

/** Nothing may hold up the event loop for longer. */
export const LONGEST_BLOCK_MS = 250
const TRIES = 5

export function threadMs(work: () => void): number {
  const once = (): number => {
    const before = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1_000
  }
  let best = once()
  for (let again = 1; again < TRIES && best >= LONGEST_BLOCK_MS; again++) best = Math.min(best, once())
  return best
}
