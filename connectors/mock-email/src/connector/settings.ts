// The connector's configuration: what a pipeline may say, and what that means with its defaults.
import { FaultError, type HttpSettings, type JsonObject, type JsonSchema } from "@syncline/connector"

export interface Settings {
  readonly baseUrl: string
  readonly apiKey: string
  readonly list: string
  readonly exposeContactId: boolean
}

export const configSchema: JsonSchema = {
  type: "object",
  additionalProperties: false,
  required: ["baseUrl", "apiKey"],
  properties: {
    baseUrl: { type: "string", minLength: 1, description: "Where the platform answers, like http://127.0.0.1:4020" },
    apiKey: { type: "string", minLength: 1, writeOnly: true, description: "The account's API key" },
    list: { type: "string", minLength: 1, default: "newsletter", description: "The list whose members are synchronised" },
    exposeContactId: {
      type: "boolean",
      default: true,
      description: "Whether the account shows contact ids; without them a member is known by the hash of its address alone",
    },
  },
}

export const readSettings = (config: JsonObject): Settings => {
  const { baseUrl, apiKey, list = "newsletter", exposeContactId = true } = config
  if (typeof baseUrl !== "string" || typeof apiKey !== "string" || typeof list !== "string" || typeof exposeContactId !== "boolean") {
    throw new FaultError({
      class: "invalid",
      message: "mock-email needs baseUrl and apiKey, and list as a text and exposeContactId as true or false.",
    })
  }
  return { baseUrl, apiKey, list, exposeContactId }
}

export const httpSettings = ({ baseUrl, apiKey }: Settings): HttpSettings => ({
  baseUrl,
  // The platform ignores the user name.
  auth: { type: "basic", username: "syncline", password: apiKey },
  // It takes ten requests at once and refuses the eleventh; some are left for other users of the key.
  limits: { windows: [], concurrency: 8 },
})
