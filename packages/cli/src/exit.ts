// What the exit code says, the same for every command.
export const EXIT = {
  done: 0,
  /** Done, but something needs a person: a review, a quarantined item, a plan that no longer holds, another run in the way. */
  attention: 1,
  /** Wrong usage, or a pipeline that is wrong. */
  usage: 2,
  /** A guard stopped it. */
  guard: 3,
  /** A system could not be reached or refused the credentials. */
  unreachable: 4,
  internal: 5,
  /** `plan --exit-code`: there are changes. */
  changes: 10,
  /** Ctrl-C. */
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
