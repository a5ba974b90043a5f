// A bug that the simulator must find: a small patch of the engine. One that no longer fits the source is an error, so that
// the table cannot rot.

export interface Mutant {
  readonly name: string
  /** The invariant that it breaks first. */
  readonly breaks: string
  /** Within packages/core/src, or from the root. */
  readonly file: string
  readonly find: string
  readonly put: string
  /** What must be in a story for it to be met at all: only such stories are played, and counted. */
  readonly amid?: string
}

export const mutant = (breaks: string, name: string, file: string, find: string, put: string, amid?: string): Mutant => ({
  name,
  breaks,
  file,
  find,
  put,
  ...(amid === undefined ? {} : { amid }),
})

export const pathOf = ({ file }: Mutant): string => (file.startsWith("packages/") ? file : `packages/core/src/${file}`)
