// Tokens of an app: half an hour of access for a refresh token, which stays the same.
import { isObject } from "@syncline/connector"
import { bearerOf, reads, refused, type Clock, type FakeAnswer, type FakeRequest, type Routes } from "@syncline/testkit/fake"
import { faultBody } from "./answers.ts"

export const demoToken = "hubspot-demo-token"
export const demoApp = {
  clientId: "hubspot-demo-client",
  clientSecret: "hubspot-demo-client-secret",
  refreshToken: "hubspot-demo-refresh-token",
} as const

const LIFE_MS = 1800_000
const TOKEN_PATH = "/oauth/v1/token"

export interface Tokens {
  readonly routes: Routes
  readonly gate: (request: FakeRequest) => FakeAnswer | undefined
  /** Ends all access that was granted. */
  readonly revoke: () => void
}

export const createTokens = (clock: Clock): Tokens => {
  const granted = new Map<string, number>()
  let count = 0
  return {
    routes: {
      [`POST ${TOKEN_PATH}`]: reads(({ body }) => {
        const form = isObject(body) ? body : {}
        const known =
          form["grant_type"] === "refresh_token" &&
          form["client_id"] === demoApp.clientId &&
          form["client_secret"] === demoApp.clientSecret &&
          form["refresh_token"] === demoApp.refreshToken
        if (!known) throw refused(400, { status: "BAD_REFRESH_TOKEN", message: "missing or invalid refresh token" })
        count += 1
        const token = `hubspot-demo-access-${count}`
        granted.set(token, clock.now() + LIFE_MS)
        const answer = { access_token: token, refresh_token: demoApp.refreshToken, expires_in: LIFE_MS / 1000, token_type: "bearer" }
        return { status: 200, body: answer }
      }),
    },
    gate: (request) => {
      if (request.path === TOKEN_PATH) return undefined
      const token = bearerOf(request) ?? ""
      if (token === demoToken) return undefined
      const until = granted.get(token)
      if (until === undefined) {
        return { status: 401, body: faultBody("INVALID_AUTHENTICATION", "Authentication credentials not found or not valid.") }
      }
      if (until > clock.now()) return undefined
      return { status: 401, body: faultBody("EXPIRED_AUTHENTICATION", "The OAuth token used to make this call expired.") }
    },
    revoke: () => granted.clear(),
  }
}
