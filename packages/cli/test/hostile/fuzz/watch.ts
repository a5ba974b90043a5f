// What no input may do: throw anything but what was foreseen, show a stack, tell a secret, hold the process up, change a
// prototype, or fill the memory. In: one case. Out: what it did, in words; nothing where all was well.

export const CANARY = "canary-7f3a9c-secret"

/** Of processor time of this thread, so that a busy machine does not count. */
const LONGEST_BLOCK_MS = 250
const MOST_HEAP_BYTES = 1_000_000_000

const STACK = /\n\s+at .*[:(]\d+:\d+|node:internal|node_modules/

export function wrongText(text: string): readonly string[] {
  const found: string[] = []
  if (text.includes(CANARY)) found.push("a secret is told")
  if (STACK.test(text)) found.push("a stack is shown")
  return found
}

const PROTOTYPES = [Object, Array, String, Number, Function, Map, Set, RegExp, Date, Promise, Error].map((each) => each.prototype as object)
const shapes = (): string => PROTOTYPES.map((each) => Reflect.ownKeys(each).map(String).join()).join("\n")
const BEFORE = shapes()

const spentMs = (): number => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

const blocked = (ms: number): string => `blocked for ${Math.round(ms)} ms`
export const isBlocked = (finding: string): boolean => finding.startsWith("blocked for")

/** Runs one case that does all its work at once. */
export function atOnce(work: () => readonly string[]): readonly string[] {
  const began = spentMs()
  const found = guarded(work)
  const took = spentMs() - began
  return [...found, ...(took > LONGEST_BLOCK_MS ? [blocked(took)] : []), ...lasting()]
}

/** Runs one case that waits now and then; between two looks it may not compute for too long. */
export async function meanwhile(work: () => Promise<readonly string[]>): Promise<readonly string[]> {
  let last = spentMs()
  let longest = 0
  const look = (): void => {
    const now = spentMs()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(look, 5)
  try {
    const found = await work().catch((error: unknown) => [told(error)])
    look()
    return [...found, ...(longest > LONGEST_BLOCK_MS ? [blocked(longest)] : []), ...lasting()]
  } finally {
    clearInterval(timer)
  }
}

function guarded(work: () => readonly string[]): readonly string[] {
  try {
    return work()
  } catch (error) {
    return [told(error)]
  }
}

const told = (error: unknown): string =>
  `threw ${error instanceof Error ? (error.stack ?? error.message).split("\n").slice(0, 4).join(" | ") : String(error)}`

function lasting(): readonly string[] {
  const found: string[] = []
  if (shapes() !== BEFORE) found.push("a prototype was changed")
  if (process.memoryUsage().heapUsed > MOST_HEAP_BYTES) found.push("the heap is full")
  return found
}
