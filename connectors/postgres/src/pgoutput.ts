// Reads messages of PostgreSQL's logical replication plugin `pgoutput`, protocol version 1: only what this connector asks
// of them, which is the key of each changed row. Bytes in, messages out.
// Source: "Logical Replication Message Formats" of the PostgreSQL manual.

export type LogMessage =
  | { readonly kind: "begin"; readonly xid: number }
  | { readonly kind: "commit"; readonly endLsn: string }
  | {
      readonly kind: "relation"
      readonly relation: number
      readonly schema: string
      readonly table: string
      readonly columns: readonly string[]
    }
  /** Values of columns as text, by position; null for NULL and for what is not in the message. */
  | { readonly kind: "write"; readonly relation: number; readonly old: Tuple | null; readonly now: Tuple }
  | { readonly kind: "delete"; readonly relation: number; readonly old: Tuple }
  | { readonly kind: "truncate"; readonly relations: readonly number[] }
  | { readonly kind: "other" }

export type Tuple = readonly (string | null)[]

class Bytes {
  readonly #buffer: Buffer
  #at = 0
  constructor(buffer: Buffer) {
    this.#buffer = buffer
  }
  byte(): number {
    return this.#buffer.readUInt8(this.#at++)
  }
  letter(): string {
    return String.fromCharCode(this.byte())
  }
  int16(): number {
    this.#at += 2
    return this.#buffer.readUInt16BE(this.#at - 2)
  }
  int32(): number {
    this.#at += 4
    return this.#buffer.readUInt32BE(this.#at - 4)
  }
  skip(bytes: number): void {
    this.#at += bytes
  }
  lsn(): string {
    return `${this.int32().toString(16)}/${this.int32().toString(16)}`.toUpperCase()
  }
  /** Ended by a zero byte. */
  name(): string {
    const end = this.#buffer.indexOf(0, this.#at)
    const text = this.#buffer.toString("utf8", this.#at, end)
    this.#at = end + 1
    return text
  }
  text(length: number): string {
    this.#at += length
    return this.#buffer.toString("utf8", this.#at - length, this.#at)
  }
}

function tuple(bytes: Bytes): Tuple {
  const columns = bytes.int16()
  return Array.from({ length: columns }, () => {
    const kind = bytes.letter()
    // n: NULL; u: a large value that did not change and is not repeated
    return kind === "t" ? bytes.text(bytes.int32()) : null
  })
}

function relation(bytes: Bytes): LogMessage {
  const id = bytes.int32()
  const schema = bytes.name()
  const table = bytes.name()
  bytes.skip(1)
  const columns = Array.from({ length: bytes.int16() }, () => {
    bytes.skip(1)
    const name = bytes.name()
    bytes.skip(8)
    return name
  })
  return { kind: "relation", relation: id, schema, table, columns }
}

function update(bytes: Bytes): LogMessage {
  const id = bytes.int32()
  let part = bytes.letter()
  let old: Tuple | null = null
  if (part === "K" || part === "O") {
    old = tuple(bytes)
    part = bytes.letter()
  }
  return { kind: "write", relation: id, old, now: tuple(bytes) }
}

export function readMessage(data: Buffer): LogMessage {
  const bytes = new Bytes(data)
  switch (bytes.letter()) {
    case "B":
      // final position, commit time
      bytes.skip(16)
      return { kind: "begin", xid: bytes.int32() }
    case "C":
      // flags, position of the commit
      bytes.skip(9)
      return { kind: "commit", endLsn: bytes.lsn() }
    case "R":
      return relation(bytes)
    case "I": {
      const id = bytes.int32()
      bytes.skip(1)
      return { kind: "write", relation: id, old: null, now: tuple(bytes) }
    }
    case "U":
      return update(bytes)
    case "D": {
      const id = bytes.int32()
      bytes.skip(1)
      return { kind: "delete", relation: id, old: tuple(bytes) }
    }
    case "T": {
      const count = bytes.int32()
      bytes.skip(1)
      return { kind: "truncate", relations: Array.from({ length: count }, () => bytes.int32()) }
    }
    default:
      return { kind: "other" }
  }
}
