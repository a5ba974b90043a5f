// A server of a test's own on a free port, and plain HTTP calls to it.
import { onTestFinished } from "vitest"
import { startMockCrm, type MockCrm, type MockCrmOptions } from "../src/server/index.ts"

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // whatever the server said: the test knows what it expects there
  readonly body: Record<string, unknown>
}

export interface RunningCrm extends MockCrm {
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** Creates a contact and gives its id. */
  add(contact: object): Promise<string>
}

export interface CallOptions {
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  /** `null` sends no credentials. */
  readonly token?: string | null
}

export const startTestCrm = async (options: MockCrmOptions = {}): Promise<RunningCrm> => {
  const crm = await startMockCrm(options)
  onTestFinished(() => crm.close())
  const call = async (
    method: string,
    path: string,
    { json, text, headers = {}, token = "demo-token" }: CallOptions = {},
  ): Promise<Answer> => {
    const body = json === undefined ? text : JSON.stringify(json)
    const response = await fetch(crm.url + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const said = await response.text()
    const isJson = /json/.test(response.headers.get("content-type") ?? "") && said !== ""
    return { status: response.status, headers: response.headers, text: said, body: isJson ? readJson(said) : {} }
  }
  return {
    ...crm,
    call,
    add: async (contact) => {
      const { status, body } = await call("POST", "/contacts", { json: contact })
      if (status !== 201) throw new Error(`the contact was not created: ${status}`)
      return String(body["id"])
    },
  }
}

const readJson = (text: string): Record<string, unknown> => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** A list inside an answer. */
export const listOf = (answer: Answer, name: string): Record<string, unknown>[] => {
  const list = answer.body[name]
  if (!Array.isArray(list)) throw new Error(`the answer has no list of ${name}: ${answer.text.slice(0, 200)}`)
  return list
}
