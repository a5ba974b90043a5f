// What a pipeline says about a mock CRM, and what follows from it for the HTTP client.
import type { Auth, HttpSettings, JsonObject, JsonSchema } from "@syncline/connector"

export const configSchema: JsonSchema = {
  type: "object",
  required: ["baseUrl"],
  additionalProperties: false,
  properties: {
    baseUrl: { type: "string", format: "uri", description: "Where the CRM answers, e.g. http://127.0.0.1:4010" },
    token: { type: "string", minLength: 1, writeOnly: true, description: "A bearer token that does not expire. Used before clientId." },
    clientId: { type: "string", minLength: 1, description: "OAuth 2 client that fetches short-lived tokens" },
    clientSecret: { type: "string", minLength: 1, writeOnly: true },
  },
  anyOf: [{ required: ["token"] }, { required: ["clientId", "clientSecret"] }],
}

const text = (config: JsonObject, name: string): string => {
  const value = config[name]
  return typeof value === "string" ? value : ""
}

const authOf = (config: JsonObject): Auth =>
  text(config, "token") === ""
    ? {
        type: "oauth2ClientCredentials",
        tokenUrl: "/oauth/token",
        clientId: text(config, "clientId"),
        clientSecret: text(config, "clientSecret"),
      }
    : { type: "bearer", token: text(config, "token") }

export const httpSettings = (config: JsonObject): HttpSettings => ({
  baseUrl: text(config, "baseUrl"),
  auth: authOf(config),
  limits: {
    // below the server's own 200/s: it counts by arrival and in fixed windows, so bursts may fall together there
    windows: [{ max: 150, perMs: 1000 }],
    concurrency: 8,
    headers: { remaining: "x-ratelimit-remaining", reset: "x-ratelimit-reset" },
  },
})
