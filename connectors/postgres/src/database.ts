// The connection: a small pool, sessions with fixed settings, and every trouble turned into a fault without secrets.
import { createRedactor, FaultError, type CallOptions } from "@syncline/connector"
import pg from "pg"
import type { Settings } from "./config.ts"
import { DatabaseFault, faultOf, sqlState } from "./fault.ts"

export interface Session {
  /** Rows as the driver gives them: this connector asks for text, booleans and bytes only. */
  rows(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
}

export interface Database extends Session {
  /** One connection for `work`, which begins and ends its own transactions. */
  session<A>(work: (session: Session) => Promise<A>, options?: CallOptions): Promise<A>
  /** Waits on a connection of its own for notifications on the channels, until the signal. */
  listen(channels: readonly string[], heard: (channel: string) => void, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Enough for reading and writing side by side; a database has few connections to give away. */
const CONNECTIONS = 4
const CONNECT_MS = 15_000

/** Times in UTC and in full, and nothing that waits for ever. */
const SESSION =
  "SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601'; SET bytea_output = 'hex'; " +
  "SET statement_timeout = '60s'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; SET standard_conforming_strings = on"

const LOCAL = new Set(["localhost", "127.0.0.1", "::1", "[::1]"])

function clientConfig(settings: Settings): pg.ClientConfig {
  const url = settings.url === null ? null : new URL(settings.url)
  const mode = url?.searchParams.get("sslmode") ?? null
  const host = url === null ? settings.host : decodeURIComponent(url.hostname)
  const chosen = settings.ssl ?? (mode === "disable" ? "off" : mode === "require" ? "require" : mode === null ? null : "verify")
  const ssl = chosen ?? (host === null || LOCAL.has(host) || host.startsWith("/") ? "off" : "verify")
  const user = url === null ? settings.user : decodeURIComponent(url.username)
  const password = settings.password ?? (url === null ? null : decodeURIComponent(url.password))
  const database = url === null ? settings.database : decodeURIComponent(url.pathname.slice(1))
  return {
    host: host ?? "localhost",
    port: url === null || url.port === "" ? settings.port : Number(url.port),
    ...(user === null || user === "" ? {} : { user }),
    ...(password === null || password === "" ? {} : { password }),
    ...(database === null || database === "" ? {} : { database }),
    ssl: ssl === "off" ? false : { rejectUnauthorized: ssl === "verify" },
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: "syncline",
  }
}

export function openDatabase(settings: Settings): Database {
  let config: pg.ClientConfig
  try {
    config = clientConfig(settings)
  } catch {
    // the address holds the password: it is not repeated
    throw new FaultError({ class: "invalid", message: "The url of the database is not one: postgres://user:password@host:5432/database" })
  }
  const { password } = config
  const redact = createRedactor([settings.url ?? "", typeof password === "string" ? password : ""])
  const pool = new pg.Pool({ ...config, max: CONNECTIONS, idleTimeoutMillis: 30_000, allowExitOnIdle: true })
  // a connection that breaks while nobody uses it is simply not used again
  pool.on("error", () => {})
  const trouble = (error: unknown): FaultError =>
    error instanceof FaultError ? error : new DatabaseFault(faultOf(error, redact), sqlState(error) ?? null)
  const ready = new WeakSet<pg.ClientBase>()

  const session = async <A>(work: (session: Session) => Promise<A>, options: CallOptions = {}): Promise<A> => {
    let client: pg.PoolClient
    try {
      options.signal?.throwIfAborted()
      client = await pool.connect()
    } catch (error) {
      throw trouble(error)
    }
    // a signal cuts the connection: the server rolls back what was not committed
    let broken: Error | null = null
    const cut = (): void => void (broken ??= new Error("cut off"))
    const onAbort = (): void => {
      cut()
      void client.end().catch(() => {})
    }
    client.on("error", cut)
    options.signal?.addEventListener("abort", onAbort, { once: true })
    try {
      if (!ready.has(client)) {
        await client.query(SESSION)
        ready.add(client)
      }
      const rows = async (sql: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> => {
        try {
          return (await client.query(sql, [...values])).rows
        } catch (error) {
          throw trouble(error)
        }
      }
      return await work({ rows })
    } catch (error) {
      // whatever state the connection is in, nobody else shall meet it
      cut()
      throw trouble(error)
    } finally {
      options.signal?.removeEventListener("abort", onAbort)
      client.removeListener("error", cut)
      client.release(broken ?? undefined)
    }
  }

  return {
    session,
    rows: (sql, values) => session((one) => one.rows(sql, values)),
    listen: async (channels, heard, signal) => {
      const client = new pg.Client(config)
      try {
        const ended = new Promise<void>((resolve) => {
          client.on("end", resolve)
          client.on("error", () => resolve())
          signal.addEventListener("abort", () => resolve(), { once: true })
        })
        client.on("notification", ({ channel }) => heard(channel))
        await client.connect()
        for (const channel of channels) await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`)
        if (!signal.aborted) await ended
      } catch (error) {
        throw trouble(error)
      } finally {
        await client.end().catch(() => {})
      }
    },
    close: () => pool.end(),
  }
}
