// Which calls a limit is about: a pattern for method and path -> a test. `**/search`, `POST /contacts/*`.

export interface CallTarget {
  readonly method: string
  readonly path: string
}

const PIECES = /\*\*|\*|[^*]+/g

export const fitting = (pattern: string): ((target: CallTarget) => boolean) => {
  const [, method, glob = pattern] = /^([A-Z]+)\s+(.+)$/.exec(pattern) ?? []
  const source = (glob.match(PIECES) ?? [])
    .map((piece) => (piece === "**" ? ".*" : piece === "*" ? "[^/]*" : piece.replace(/[.+?^${}()|[\]\\]/g, "\\$&")))
    .join("")
  const path = new RegExp(`^${source}$`)
  return (target) => (method === undefined || method === target.method) && path.test(target.path)
}
