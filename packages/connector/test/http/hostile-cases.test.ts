// Every hostile answer comes from a real socket and meets a read and a change: a body or a classified fault, never a crash,
// never a call to another host, and never more memory than the limit says.
import { createServer, type AddressInfo, type Socket } from "node:net"
import { describe, expect, onTestFinished, test } from "vitest"
import { FaultError, type Fault } from "../../src/index.ts"
import { readRetryAfter } from "../../src/limit/retry-after.ts"
import { ANSWER_CASES, type AnswerCase } from "./hostile-cases.ts"
import { PAUSES } from "./hostile-pauses.ts"
import { clientFor } from "./local-server.ts"

const MOST_BYTES = 2_000_000
const CANARY = "canary-7e1d44"

async function serve(one: AnswerCase): Promise<string> {
  const parts = one.wire()
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    // a client that hangs up is what many cases wait for
    socket.on("error", () => {}).on("close", () => open.delete(socket))
    socket.once("data", () => {
      for (const part of parts) socket.write(part)
      const { endless } = one
      if (endless !== undefined) {
        const pour = (): void => {
          while (!socket.destroyed && socket.write(endless.repeat(64)));
          if (!socket.destroyed) socket.once("drain", pour)
        }
        pour()
      } else if (one.stays !== true) socket.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  // A TCP server that listens has an address object.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const outcome = async (call: Promise<{ readonly body: unknown }>): Promise<{ body: unknown } | { fault: Fault }> => {
  try {
    return { body: (await call).body }
  } catch (error) {
    if (error instanceof FaultError) return { fault: error.fault }
    throw error
  }
}

describe("a client that is answered with", () => {
  test.each(ANSWER_CASES)("$name", async (one) => {
    const url = await serve(one)
    const client = clientFor(url, {
      auth: { type: "bearer", token: CANARY },
      maxResponseBytes: MOST_BYTES,
      timeoutMs: one.timeoutMs ?? 5_000,
    })
    const read = await outcome(client.request({ method: "GET", path: "/" }))
    const change = await outcome(client.request({ method: "POST", path: "/", json: {} }))
    const told = "fault" in read ? { fault: read.fault.class } : { body: one.body === "…" ? "…" : read.body }
    expect(told).toEqual(one.fault === undefined ? { body: one.body } : { fault: one.fault })
    const message = "fault" in read ? read.fault.message : ""
    expect(message).toContain(one.says ?? "")
    expect(message.length).toBeLessThan(500)
    // no control characters, and nothing secret, in what people read
    expect(message).toMatch(/^[^\p{Cc}\p{Cf}]*$/u)
    expect(JSON.stringify([read, change])).not.toContain(CANARY)
    expect("fault" in change ? change.fault.class : "answered").toBe(one.fault === undefined ? "answered" : (one.change ?? "unknown"))
    expect(client.stats.bytesIn).toBeLessThan(12 * MOST_BYTES)
    expect("polluted" in {}).toBe(false)
  })
})

describe("a pause that is asked for as", () => {
  test.each(PAUSES)("%j", (text, ms) => {
    expect(readRetryAfter(text, undefined, Date.UTC(2026, 0, 1))).toBe(ms)
  })
})
