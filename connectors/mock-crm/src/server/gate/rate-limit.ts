// A fixed window of requests, on real time. Every answer says what is left; a full window answers 429 with Retry-After.

export interface Allowance {
  readonly allowed: boolean
  readonly headers: Readonly<Record<string, string>>
}

export interface RateLimit {
  take(): Allowance
}

export const makeRateLimit = ({ max, perMs }: { readonly max: number; readonly perMs: number }): RateLimit => {
  let windowStart = Date.now()
  let used = 0
  return {
    take: () => {
      const now = Date.now()
      if (now - windowStart >= perMs || now < windowStart) {
        windowStart = now
        used = 0
      }
      const allowed = used < max
      if (allowed) used += 1
      // whole seconds, rounded up: the smallest wait that both headers can name
      const resetS = String(Math.max(1, Math.ceil((windowStart + perMs - now) / 1000)))
      return {
        allowed,
        headers: {
          "x-ratelimit-limit": String(max),
          "x-ratelimit-remaining": String(max - used),
          "x-ratelimit-reset": resetS,
          ...(allowed ? {} : { "retry-after": resetS }),
        },
      }
    },
  }
}
