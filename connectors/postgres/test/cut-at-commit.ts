// A way to the server that breaks at the worst moment: the first commit goes through, its answer does not.
import { createServer, connect, type AddressInfo, type Socket } from "node:net"

export interface Way {
  readonly port: number
  cuts(): number
  close(): Promise<void>
}

export async function cutAtCommit(port: number): Promise<Way> {
  let cuts = 0
  const open = new Set<Socket>()
  const proxy = createServer((near) => {
    open.add(near)
    const far = connect(port, "127.0.0.1")
    let silent = false
    near.on("data", (chunk: Buffer) => {
      // the text of the query, in a simple or an extended message
      if (cuts === 0 && chunk.includes("COMMIT\0")) {
        cuts++
        silent = true
      }
      far.write(chunk)
    })
    far.on("data", (chunk: Buffer) => {
      if (silent) near.destroy()
      else near.write(chunk)
    })
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => other.destroy())
      one.on("close", () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
  // a server that listens on TCP has an address with a port
  const address = proxy.address() as AddressInfo
  return {
    port: address.port,
    cuts: () => cuts,
    close: () => {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => proxy.close(() => resolve()))
    },
  }
}
