import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { FaultError } from "@syncline/connector"
import { callRemote, type Remote } from "../../src/session/remote.ts"
import { StoreError } from "../../src/store/error.ts"

const remote = (): Remote => ({
  system: "a",
  connector: { check: () => Promise.resolve(), pull: () => Promise.reject(new Error("unused")), push: () => Promise.resolve([]) },
  halfOpen: false,
  calls: 0,
  retries: 0,
  down: null,
  onDown: () => undefined,
  now: () => 0,
  pause: { until: 0 },
})

describe("a call to a system", () => {
  it("that was answered, and whose answer our own store could not be asked about, is not made again", async () => {
    const there = remote()
    const call = callRemote(there, () => Promise.reject(new StoreError({ reason: "locked", message: "database is locked" })))
    const error = await Effect.runPromise(Effect.flip(call))
    expect([error._tag, there.calls, there.down]).toEqual(["StoreError", 1, null])
  })

  it("that did not get through, to a system that was down a pass ago, says with one try that it still is", async () => {
    const there = { ...remote(), halfOpen: true }
    const call = callRemote(there, () => Promise.reject(new FaultError({ class: "transient", message: "down" })))
    const error = await Effect.runPromise(Effect.flip(call))
    expect([error._tag, there.calls, there.down?.message]).toEqual(["RemoteFault", 1, "down"])
  })
})
