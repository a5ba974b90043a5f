// A batch that is carried out later: its ticket is asked about until the job is done, within the time that the manifest and
// the caller allow. Leaves the answer that holds the results, or null: then nobody knows.
import { setTimeout as sleep } from "node:timers/promises"
import type { CallOptions } from "../../contract.ts"
import { FaultError } from "../../fault.ts"
import { resOf, send } from "../request/send.ts"
import type { Answer, JobSpec, Opened, Scope } from "../spec/index.ts"

/** Polls that may fail in a row; the job goes on meanwhile. */
const MOST_FAILURES = 5

export const awaitJob = async (opened: Opened, job: JobSpec, submitted: Scope, options: CallOptions): Promise<Answer | null> => {
  const ticket = job.ticket.run(submitted)
  if (ticket === null || ticket === "") return null
  const { res: _, ...scope } = submitted
  const until = opened.now() + job.maxMs
  const wait = opened.wait ?? ((ms: number, signal?: AbortSignal) => sleep(ms, undefined, signal === undefined ? {} : { signal }))
  const most = Math.max(1, Math.ceil(job.maxMs / Math.max(1, job.everyMs)))
  for (let polls = 0, failures = 0; polls < most; polls++) {
    try {
      const answer = await send(opened, job.poll, { ...scope, ticket }, { ...options, safe: true })
      failures = 0
      if (job.done.run({ ...scope, ticket, res: resOf(answer) }))
        return job.result === null
          ? answer
          : await send(opened, job.result, { ...scope, ticket, res: resOf(answer) }, { ...options, safe: true })
    } catch (error) {
      if (!(error instanceof FaultError)) throw error
      if (++failures >= MOST_FAILURES || options.signal?.aborted === true) return null
    }
    if (opened.now() + job.everyMs > until) return null
    try {
      await wait(job.everyMs, options.signal)
    } catch {
      return null
    }
  }
  return null
}
