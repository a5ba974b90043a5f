// Who may call, as far as the document says: the first scheme that is required and that a manifest knows.
import { isObject, type JsonObject } from "@syncline/connector"
import type { AuthPlan } from "../api-plan.ts"
import { listAt, objectAt, textAt } from "./document.ts"

export function securityOf(document: JsonObject): { readonly auth: AuthPlan; readonly notes: readonly string[] } {
  const schemes = objectAt(document, "components", "securitySchemes")
  const required = listAt(document, "security").flatMap((each) => (isObject(each) ? Object.keys(each) : []))
  const used = operationsSecurity(document)
  const names = [...new Set([...required, ...used, ...Object.keys(schemes)])]
  const notes: string[] = []
  for (const name of names) {
    const found = authOf(objectAt(schemes, name), notes)
    if (found !== null) {
      const others = names.filter((each) => each !== name && schemes[each] !== undefined)
      if (others.length > 0) notes.push(`the document also knows the credentials ${others.join(", ")}; here it is ${name}`)
      return { auth: found, notes }
    }
  }
  return { auth: { type: "none" }, notes }
}

const operationsSecurity = (document: JsonObject): readonly string[] =>
  Object.values(objectAt(document, "paths")).flatMap((path) =>
    Object.values(isObject(path) ? path : {}).flatMap((operation) =>
      listAt(operation, "security").flatMap((each) => (isObject(each) ? Object.keys(each) : [])),
    ),
  )

const authOf = (scheme: JsonObject, notes: string[]): AuthPlan | null => {
  const name = textAt(scheme, "name") ?? ""
  switch (scheme["type"]) {
    case "http":
      return (textAt(scheme, "scheme") ?? "").toLowerCase() === "basic" ? { type: "basic" } : { type: "bearer" }
    case "apiKey": {
      const place = scheme["in"]
      if (place === "header" || place === "query") return { type: "apiKey", in: place, name }
      notes.push("the document wants a cookie, which a manifest has no word for: is there a token as well?")
      return null
    }
    case "oauth2": {
      const flow = objectAt(scheme, "flows", "clientCredentials")
      const tokenUrl = textAt(flow, "tokenUrl")
      if (tokenUrl !== null) {
        const scopes = Object.keys(objectAt(flow, "scopes"))
        if (scopes.length > 1) notes.push(`which of the scopes are needed? ${scopes.slice(0, 12).join(", ")}`)
        return { type: "oauth2", tokenUrl, scope: scopes.length === 1 ? (scopes[0] ?? null) : null }
      }
      notes.push(
        "credentials are had by OAuth with a browser: auth: { type: oauth2, grant: refresh_token, tokenUrl: …, clientId: =config.clientId, refreshToken: { secret: refreshToken } }; here it is a token",
      )
      return { type: "bearer" }
    }
    case "openIdConnect":
      notes.push("credentials are had by OpenID Connect; here it is a token")
      return { type: "bearer" }
    default:
      return null
  }
}
