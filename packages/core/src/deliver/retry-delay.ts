// When a write that did not go through is tried again: the pipeline's schedule with full jitter.

/** `attempts`: how often it was tried. `random`: 0 ≤ x < 1. Result in ms. */
export function retryDelayMs(delaysMs: readonly number[], attempts: number, random: number): number {
  const ceiling = delaysMs[Math.min(attempts, delaysMs.length - 1)] ?? 0
  return Math.round(ceiling * random)
}
