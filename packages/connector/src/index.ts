// The front door: all that a connector author needs.
export type * from "./contract.ts"
export type * from "./json.ts"
export { isObject } from "./json.ts"
export { mergePatch } from "./merge-patch.ts"
export { FaultError, type Fault, type FaultClass } from "./fault.ts"
export type { Auth, ClientAuth, KeyEncoding, RequestSigning, SigningAlgorithm, SigningFacts, TokenSigning } from "./auth/auth.ts"
export { openMemoryKeeper, type KeptToken, type TokenKeeper } from "./auth/token-keeper.ts"
export { createRedactor, REDACTED, Secret } from "./auth/redactor.ts"
export { secretsOf } from "./auth/authenticator.ts"
export type { HttpClient, HttpMethod, HttpRequest, HttpResponse, HttpSettings, Judged } from "./http/client.ts"
export { noHttp } from "./http/client.ts"
export { openHttpClient } from "./http/open-client.ts"
export type { HttpClientParts, HttpLogEntry, HttpStats, OpenHttpClient } from "./http/client-parts.ts"
export { ClockOffset, type ClockInterval, type ClockOffsetState } from "./http/clock-offset.ts"
export { faultOfAnswer } from "./http/fault-of-answer.ts"
export { parseJsonText } from "./http/json-text.ts"
export {
  Limiter,
  type LimiterParts,
  type LimiterState,
  type LimitSettings,
  type LimitWindow,
  type Permit,
  type Priority,
} from "./limit/limiter.ts"
