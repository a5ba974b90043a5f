// A real HTTP server on a free loopback port for one test, and a client for it; both are closed when the test ends.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { onTestFinished } from "vitest"
import { FaultError, openHttpClient, type Fault, type HttpClientParts, type HttpSettings, type OpenHttpClient } from "../../src/index.ts"

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

export interface LocalServer {
  readonly url: string
  readonly port: number
  /** `METHOD path` of every request so far. */
  readonly seen: string[]
  readonly server: Server
}

export const listen = async (handler: Handler): Promise<LocalServer> => {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => handler(request, response, Buffer.concat(chunks).toString()))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  })
  // A TCP server that listens has an address object.
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, seen, server }
}

/** Repetitions are immediate, so that no test waits. */
export const clientFor = (baseUrl: string, settings: Partial<HttpSettings> = {}, parts: Partial<HttpClientParts> = {}): OpenHttpClient => {
  const client = openHttpClient(
    { baseUrl, auth: { type: "none" }, limits: { windows: [] }, timeoutMs: 10_000, ...settings },
    { now: Date.now, sleep: () => Promise.resolve(), ...parts },
  )
  onTestFinished(() => client.close())
  return client
}

export const answerJson = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers })
  response.end(JSON.stringify(body))
}

export const faultOf = async (call: Promise<unknown>): Promise<Fault> => {
  try {
    await call
  } catch (error) {
    if (error instanceof FaultError) return error.fault
    throw error
  }
  throw new Error("the call succeeded")
}
