// What a mock CRM can be started with, and the documented constants it falls back to.

/** Credentials of a server that was started without any: public, for demos and tests. */
export const demoClientId = "demo-client"
export const demoClientSecret = "demo-secret"
export const demoToken = "demo-token"

export interface MockCrmOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number | undefined
  /** SQLite file; `:memory:` by default. */
  readonly file?: string | undefined
  /** JSON or CSV file that is loaded when the store holds no contact yet. */
  readonly seed?: string | undefined
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** A bearer token that never expires, beside those of `/oauth/token`; `null` for none. */
  readonly token?: string | null | undefined
  /** Life of a token from `/oauth/token`, ms. */
  readonly tokenTtlMs?: number | undefined
  /** Epoch ms; the clock of contacts, tokens, retention and the `Date` header. Rate limits run on real time. */
  readonly now?: (() => number) | undefined
  /** Requests allowed per window. */
  readonly limits?: { readonly max: number; readonly perMs: number } | undefined
  /** Refuse a second contact with the same address (409 `duplicate`). */
  readonly uniqueEmail?: boolean | undefined
  /** Makes the sequence of new ids repeatable. */
  readonly idSeed?: string | undefined
}

export interface MockCrm {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

export const defaultTokenTtlMs = 5 * 60_000
export const defaultLimits = { max: 200, perMs: 1000 }

/** How long the change log, and with it every tombstone, is kept. */
export const retentionMs = 30 * 24 * 3_600_000
/** How long an idempotency key is remembered. */
export const idempotencyTtlMs = 24 * 3_600_000

export const maxPageSize = 1000
export const defaultPageSize = 100
export const maxBatch = 100
export const maxLookup = 200
/** Contacts of one address in a look-up of several: bounds the answer about addresses that a whole company shares. */
export const maxPerAddress = 20
/** The request log keeps at least this many entries. */
export const keptRequests = 200_000
/** Room for a batch of 100 large contacts. */
export const maxBodyBytes = 8 * 1024 * 1024
/** Room for a seed of well over 20 000 contacts. */
export const maxSeedBytes = 128 * 1024 * 1024
