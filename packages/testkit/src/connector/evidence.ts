// What shows that a check failed: the last request with its answer, and what the connector was asked and said. Bounded, and
// free of secrets.
import { FaultError } from "@syncline/connector"
import type { Called } from "./stand/subject.ts"
import type { Exchange } from "./wire/exchange.ts"

export interface Evidence {
  readonly exchanges: readonly ShownExchange[]
  readonly call: { readonly call: string; readonly asked: string; readonly ended: string } | null
}

export interface ShownExchange {
  readonly request: string
  readonly requestBody: string
  /** Status line, or why there was none. */
  readonly answer: string
  readonly answerBody: string
  /** What the kit did on the way. */
  readonly deed: string | null
}

const MOST_SHOWN = 3
const MOST_TEXT = 1200

export function evidenceOf(log: readonly Exchange[], called: readonly Called[], clean: (text: string) => string): Evidence {
  const own = log.filter(({ asked }) => asked.byClient || asked.purpose !== "token")
  const disturbed = own.filter(({ deed }) => deed !== null)
  const last = called.at(-1)
  const cut = (text: string): string => {
    const shown = clean(text)
    return shown.length > MOST_TEXT ? `${shown.slice(0, MOST_TEXT - 1)}…` : shown
  }
  return {
    exchanges: (disturbed.length > 0 ? disturbed : own).slice(-MOST_SHOWN).map(({ asked, answered, deed }) => ({
      request: cut(`${asked.method} ${asked.path}`),
      requestBody: cut(asked.body),
      answer: answered === null ? "no answer" : String(answered.status),
      answerBody: cut(answered?.body ?? ""),
      deed,
    })),
    call: last === undefined ? null : { call: last.call, asked: cut(text(last.asked)), ended: cut(text(last.ended)) },
  }
}

const text = (value: unknown): string => {
  if (value instanceof FaultError) return `rejected: ${JSON.stringify(value.fault)}`
  if (value instanceof Error) return `rejected: ${value.name}: ${value.message}`
  return JSON.stringify(value) ?? String(value)
}
