// Chance that a seed replays: a small fast generator (sfc32) and the draws that the simulator makes from it.

export class Chance {
  private a: number
  private b: number
  private c: number
  private d = 1

  constructor(seed: number, stream = 0) {
    this.a = seed | 0
    this.b = Math.floor(seed / 0x1_0000_0000) ^ stream
    this.c = 0x9e3779b9 ^ stream
    for (let i = 0; i < 12; i++) this.next()
  }

  /** 0 ≤ x < 1. */
  next(): number {
    const t = (((this.a + this.b) | 0) + this.d) | 0
    this.d = (this.d + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = ((this.c << 21) | (this.c >>> 11)) + t
    this.c |= 0
    return (t >>> 0) / 0x1_0000_0000
  }
  /** A whole number, both ends included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }
  is(odds: number): boolean {
    return this.next() < odds
  }
  of<T>(list: readonly T[]): T {
    const one = list[Math.floor(this.next() * list.length)]
    if (one === undefined) throw new Error("nothing to choose from")
    return one
  }
  weighted<T>(list: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.next() * list.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, value] of list) if ((left -= weight) < 0) return value
    throw new Error("nothing to choose from")
  }
  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list]
    const out: T[] = []
    while (rest.length > 0) out.push(...rest.splice(Math.floor(this.next() * rest.length), 1))
    return out
  }
}
