// A running platform for one test file, and a short way to call it.
import type { Json, JsonObject } from "@syncline/connector"
import { isObject } from "@syncline/connector"
import { demoKey, startMockEmail, type MockEmail, type MockEmailOptions } from "../src/server/index.ts"

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: JsonObject
}

export interface Platform extends MockEmail {
  call(method: string, path: string, body?: Json): Promise<Answer>
}

export const basic = `Basic ${Buffer.from(`anyone:${demoKey}`).toString("base64")}`

export const startPlatform = async (options: MockEmailOptions = {}): Promise<Platform> => {
  const mock = await startMockEmail(options)
  return {
    ...mock,
    async call(method, path, body) {
      const response = await fetch(mock.url + path, {
        method,
        headers: { authorization: basic, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      const parsed: Json = text === "" ? {} : JSON.parse(text)
      if (!isObject(parsed)) throw new Error(`an answer that is no object: ${text}`)
      return { status: response.status, headers: response.headers, body: parsed }
    },
  }
}

export const members = "/lists/newsletter/members"

/** The members of an answer, or the list under another name. */
export const listIn = (body: JsonObject, name = "members"): JsonObject[] => {
  const list = body[name]
  if (!Array.isArray(list)) throw new Error(`no ${name} in ${JSON.stringify(body)}`)
  return list.filter((each: Json) => isObject(each))
}
