// Waits out the lag that a resource declares, by the system's own clock where it has one to move.
import { setTimeout as sleep } from "node:timers/promises"
import { Skip } from "../check.ts"
import type { Stand } from "./stand.ts"

/** Longer lags are waited for only in systems whose clock can be moved. */
const LONGEST_WAIT_MS = 3000

export async function lag({ spec, session }: Stand, of: "byId" | "delta"): Promise<void> {
  const ms = spec.read.lagMs[of]
  if (ms <= 0) return
  if (session.time !== null) return session.time.wait(ms + 1)
  if (ms > LONGEST_WAIT_MS) throw new Skip(`what is written shows after ${ms / 1000} s, and nobody says how to move the system's clock`)
  await sleep(ms + 1)
}
