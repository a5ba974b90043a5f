// A call without an answer -> a classified fault. What counts is whether the request may have reached the system.
import { FaultError } from "../fault.ts"
import { EgressError } from "./egress.ts"

export interface Sending {
  /** Host that was called, for the message. */
  readonly host: string
  /** The call changes nothing. */
  readonly safe: boolean
  /** Bytes of the request may have left. */
  readonly sent: boolean
  /** The status of the answer says that nothing was done, whatever became of the rest of the answer. */
  readonly refused?: boolean
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "no such host",
  EAI_AGAIN: "the name could not be resolved just now",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ECONNRESET: "connection reset",
  EPIPE: "connection closed",
  ETIMEDOUT: "connection timed out",
  UND_ERR_CONNECT_TIMEOUT: "connection timed out",
  UND_ERR_SOCKET: "connection closed",
  UND_ERR_DESTROYED: "the client was closed",
  UND_ERR_HEADERS_OVERFLOW: "the answer's headers are too long",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate chain is self-signed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate cannot be verified",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
}

export const notComposed = (host: string): string =>
  `A request to ${host} could not be composed: a header or the path holds characters that HTTP does not allow.`

export const faultOfTrouble = (error: unknown, sending: Sending): FaultError => {
  if (error instanceof FaultError) return error
  const code = codeOf(error)
  if (code === "UND_ERR_INVALID_ARG") {
    return new FaultError({
      class: "invalid",
      message: notComposed(sending.host),
    })
  }
  if (error instanceof EgressError) return new FaultError({ class: "invalid", message: error.message })
  return new FaultError(inDoubt(sending, reason(error, code)))
}

/** `unknown` for a change that may have been made, `transient` for everything else. */
export const inDoubt = (sending: Sending, why: string): { class: "unknown" | "transient"; message: string } =>
  sending.sent && !sending.safe && sending.refused !== true
    ? { class: "unknown", message: `${sending.host} gave no usable answer to a change that may have been made: ${why}.` }
    : {
        class: "transient",
        message: sending.sent ? `${sending.host} gave no usable answer: ${why}.` : `${sending.host} was not reached: ${why}.`,
      }

const codeOf = (error: unknown): string | undefined => {
  if (typeof error !== "object" || error === null) return undefined
  if ("code" in error && typeof error.code === "string") return error.code
  // Several addresses were tried and each failed.
  return "errors" in error && Array.isArray(error.errors) ? codeOf(error.errors[0]) : undefined
}

const reason = (error: unknown, code: string | undefined): string => {
  const words = code === undefined ? undefined : WORDS[code]
  if (words !== undefined) return `${words} (${code})`
  return code ?? (error instanceof Error ? error.name : "unexpected trouble")
}
