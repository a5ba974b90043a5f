// One request and its answer as they passed the proxy, and what the proxy did to them.

/** What a request is for: `token` asks for credentials, `write` changes something. */
export type Purpose = "read" | "write" | "token"

export interface Asked {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly purpose: Purpose
  /** It came through the HTTP client that the connector was handed. */
  readonly byClient: boolean
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Exchange {
  readonly asked: Asked
  /** null: no answer (yet). */
  answered: Answered | null
  /** What was done on the way; null where it passed untouched. */
  deed: string | null
  /** Milliseconds of a steady clock. */
  readonly from: number
  until: number
}

/** What a rule does with a request. */
export type Deed =
  /** Answers it without asking the system. */
  | { readonly do: "answer"; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Closes the connection; the system hears nothing. */
  | { readonly do: "refuse" }
  /** The system does its work, and the connection is closed without an answer. */
  | { readonly do: "swallow" }
  /** The system does its work, and the answer never comes. */
  | { readonly do: "hang" }
  /** The answer waits for others, so that calls at the same time can be seen as such. */
  | { readonly do: "hold"; readonly until: Promise<void> }
  /** The system does its work, and another answer is given. */
  | { readonly do: "change"; readonly says: string; readonly with: (answer: Answered) => Answered }

export type Rule = (asked: Asked) => Deed | null

export const html = (text: string): Deed => ({
  do: "answer",
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!doctype html><html><head><title>Sign in</title></head><body><form action="/login">${text}</form></body></html>`,
})

export const answer = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: unknown = { message: `ordered by the check: ${status}` },
): Deed => ({
  do: "answer",
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
})
