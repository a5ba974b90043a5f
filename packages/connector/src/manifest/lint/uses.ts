// What a request reads: names and paths of everything in it.
import type { RequestSpec, Value } from "../spec/index.ts"

export function usesOf(request: RequestSpec): readonly string[] {
  const values: (Value | null)[] = [request.body, ...Object.values(request.query), ...Object.values(request.headers)]
  return [...request.path.reads, ...values.flatMap((value) => value?.reads ?? [])]
}

/** Whether it reads `name`, or something of it. */
export const uses = (request: RequestSpec, name: string): boolean =>
  usesOf(request).some((read) => read === name || read.startsWith(`${name}.`) || name.startsWith(`${read}.`))
