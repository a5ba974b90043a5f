// What PostgreSQL or the way to it says is wrong, as a fault. Codes: the appendix "PostgreSQL Error Codes" of its manual.
import { FaultError, type Fault, type FaultClass } from "@syncline/connector"

const EXACT: Readonly<Record<string, FaultClass>> = {
  "23505": "duplicate",
  "42501": "forbidden",
  // no such database, or no right to connect to it
  "3D000": "auth",
  // locked for too long, cancelled, serialisation, deadlock
  "55P03": "transient",
  "57014": "transient",
  "40001": "transient",
  "40P01": "transient",
  // the slot is being read by somebody else
  "55006": "transient",
}

/** Classes of codes, by their first two characters. */
const CLASSES: Readonly<Record<string, FaultClass>> = {
  "08": "transient",
  "53": "transient",
  "57": "transient",
  "58": "transient",
  "28": "auth",
}

/** Nothing the server says about the values themselves. */
const NETWORK = /^(E[A-Z]+|CERT_|DEPTH_|UNABLE_|SELF_|ERR_TLS)/

const textIn = (error: object, name: string): string | undefined => {
  const value: unknown = Reflect.get(error, name)
  return typeof value === "string" && value !== "" ? value : undefined
}

export const sqlState = (error: unknown): string | undefined => {
  const code = typeof error === "object" && error !== null ? textIn(error, "code") : undefined
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !NETWORK.test(code) ? code : undefined
}

export function faultOf(error: unknown, redact: (text: string) => string): Fault {
  const said = redact(error instanceof Error ? error.message : String(error))
  const code = sqlState(error)
  if (code === undefined) return { class: "transient", message: `The database cannot be reached: ${said || "the connection failed"}` }
  const kind = EXACT[code] ?? CLASSES[code.slice(0, 2)] ?? "invalid"
  if (kind === "auth") return { class: "auth", message: `The database refuses the connection: ${said}` }
  const column = typeof error === "object" && error !== null ? textIn(error, "column") : undefined
  return { class: kind, message: `The database says: ${said}`, ...(column === undefined ? {} : { fields: { [column]: said } }) }
}

/** A fault with the server's code, null if it never answered. */
export class DatabaseFault extends FaultError {
  readonly code: string | null
  constructor(fault: Fault, code: string | null) {
    super(fault)
    this.code = code
  }
}
