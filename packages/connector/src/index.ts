// The front door: all that a connector author needs.
export type * from "./contract.ts"
export type * from "./json.ts"
export { isObject } from "./json.ts"
export { FaultError, type Fault, type FaultClass } from "./fault.ts"
export type { Auth } from "./auth/auth.ts"
export type { HttpClient, HttpRequest, HttpResponse, HttpSettings } from "./http/client.ts"
export type { LimitSettings } from "./limit/limiter.ts"
