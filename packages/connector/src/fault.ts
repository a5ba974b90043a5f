// Everything that can go wrong at a system, sorted by what the engine should do about it.
// A connector throws `FaultError` for a whole call and returns a `Fault` for one item of a batch.

export type FaultClass =
  /** the system or the network failed before anything could have happened: try again later */
  | "transient"
  /** too many calls: try again after `retryAfterMs` */
  | "rateLimited"
  /** credentials are wrong or expired: stop the run and say so */
  | "auth"
  /** this item or resource may not be touched by these credentials */
  | "forbidden"
  /** the system refuses the values; `fields` says which */
  | "invalid"
  /** the item changed since it was read (412, 409 on a version) */
  | "conflict"
  /** a unique value is taken, by `existingId` where the system tells */
  | "duplicate"
  | "notFound"
  /** was there once and is deleted for certain (410) */
  | "gone"
  /** the cursor is no longer valid: a full scan is needed */
  | "cursorExpired"
  /** the request may have been carried out and no answer says whether it was */
  | "unknown"

export interface Fault {
  readonly class: FaultClass
  /** One plain sentence with the system's own message; never holds a secret. */
  readonly message: string
  readonly status?: number
  readonly retryAfterMs?: number
  /** Remote path -> what the system says is wrong with it. */
  readonly fields?: Readonly<Record<string, string>>
  readonly existingId?: string
}

export class FaultError extends Error {
  readonly fault: Fault
  constructor(fault: Fault, options?: ErrorOptions) {
    super(fault.message, options)
    this.name = "FaultError"
    this.fault = fault
  }
}
