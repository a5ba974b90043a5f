// A process of its own that works on a store until it is stopped: `child.ts PATH commit` reports each commit that returned,
// `child.ts PATH hold` takes the lease and reports it.
import type { Store } from "@syncline/core/store"
import { NO_CHANGES } from "@syncline/core/model"
import * as Effect from "effect/Effect"
import { writeSync } from "node:fs"
import { openSqliteStore } from "../../src/index.ts"

const [path = "", task = ""] = process.argv.slice(2)
const tell = (line: string): void => void writeSync(1, `${line}\n`)

const store: Store = await Effect.runPromise(openSqliteStore({ path }))
const taken = await Effect.runPromise(
  Effect.matchEffect(store.acquire(`child ${process.pid}`, 0, 1000), {
    onSuccess: (lease) => Effect.succeed(lease),
    onFailure: () => Effect.succeed(null),
  }),
)
tell(taken === null ? "refused" : `epoch ${taken.epoch}`)
if (taken !== null && task === "commit") {
  for (let n = 0; ; n++) {
    const ids = [0, 1, 2, 3].map((part) => `r${n}-${part}`)
    const records = ids.map((id) => ({ id, entity: "person", fields: { n, text: "x".repeat(500) }, stamps: {}, deleted: null }))
    await Effect.runPromise(store.commit(taken, { ...NO_CHANGES, records }))
    tell(`committed ${n}`)
  }
}
// Until the parent ends it: closing the input is the parent's sign.
process.stdin.resume()
