// Settings of the rate limiter: any number of windows at once, checked and taken together, and a concurrency cap.

export interface LimitSettings {
  readonly windows: readonly { readonly max: number; readonly perMs: number }[]
  readonly concurrency?: number
  /** Answer headers that say how much is left and when the window resets. */
  readonly headers?: { readonly remaining?: string; readonly reset?: string }
}
