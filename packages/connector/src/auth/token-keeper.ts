// Where credentials that change hands live between processes. A refresh token that rotates is the only way back in: it
// has to be durable before the access token that came with it is used.

export interface KeptToken {
  /** Hash of the configured credential that these descend from: a new one in the configuration makes them void. */
  readonly origin: string
  readonly refreshToken: string
  readonly accessToken: string
  /** Epoch ms at which the access token is to be renewed; null: when the system refuses it. */
  readonly renewAt: number | null
}

export interface TokenKeeper {
  load(): Promise<KeptToken | null>
  /** Durable once it resolves. */
  save(kept: KeptToken): Promise<void>
  /** Runs `work` while nobody else, in this process or another, runs theirs for the same system. */
  exclusively<A>(work: () => Promise<A>): Promise<A>
}

/** For one process and systems whose refresh tokens stay: forgets everything at the end. */
export function openMemoryKeeper(): TokenKeeper {
  let known: KeptToken | null = null
  let last: Promise<unknown> = Promise.resolve()
  return {
    load: () => Promise.resolve(known),
    save: (kept) => {
      known = kept
      return Promise.resolve()
    },
    exclusively: (work) => {
      const turn = last.then(work, work)
      last = turn.catch(() => {})
      return turn
    },
  }
}
