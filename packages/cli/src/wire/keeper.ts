// Keeps what a system hands out to get in again (refresh tokens that rotate) in a file beside the pipeline, mode 0600, one a
// system. Not in the store: a backup that is put back must not bring back a token that is void by now, and two stores of
// one pipeline must not renew it behind each other's back.
import { dirname, join } from "node:path"
import { isObject, type Json, type KeptToken, type TokenKeeper } from "@syncline/connector"
import type { Located } from "./locate.ts"

const secretPath = (located: Located, pipeline: string, system: string): string =>
  join(dirname(located.path), ".syncline", `${pipeline}.${encodeURIComponent(system)}.secret`)

/** Opens nothing until a token is to be kept: most systems have none. */
export function keeperBeside(located: Located, pipeline: string, system: string): TokenKeeper {
  const opening = async () => (await import("@syncline/store")).openVault(secretPath(located, pipeline, system))
  let opened: ReturnType<typeof opening> | null = null
  const vault = () => (opened ??= opening())
  return {
    load: async () => tokenIn(await (await vault()).load()),
    save: async (kept) => (await vault()).save(JSON.stringify(kept)),
    exclusively: async (work) => (await vault()).exclusively(work),
  }
}

/** What cannot be read is as good as nothing: the configured token is tried again. */
function tokenIn(text: string | null): KeptToken | null {
  try {
    const known: Json = JSON.parse(text ?? "null")
    if (!isObject(known)) return null
    const { origin, refreshToken, accessToken, renewAt } = known
    if (typeof origin !== "string" || typeof refreshToken !== "string" || typeof accessToken !== "string") return null
    return { origin, refreshToken, accessToken, renewAt: typeof renewAt === "number" ? renewAt : null }
  } catch {
    return null
  }
}
