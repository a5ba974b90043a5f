// Signed tokens (JWT): a key and claims -> a token and its end. A key that does not fit is an `auth` fault.
// `now` is the system's time where it is known: a clock that is a few minutes off would make every token invalid.
import { createPrivateKey, type KeyObject } from "node:crypto"
import type { TokenSigning } from "./auth.ts"
import { badKey, keyBytes } from "./signing-key.ts"

export interface SignedToken {
  readonly token: string
  /** Epoch ms. */
  readonly until: number
}

const openKey = ({ algorithm, key, keyEncoding }: TokenSigning): KeyObject | Uint8Array => {
  if (algorithm.startsWith("HS")) return new Uint8Array(keyBytes(key, keyEncoding))
  try {
    // In environment variables line ends are often written as \n.
    return createPrivateKey(key.replaceAll("\\n", "\n"))
  } catch {
    throw badKey(`${algorithm} needs a private key as PEM`)
  }
}

export function openTokenSigner(signing: TokenSigning): (now: number) => Promise<SignedToken> {
  const { algorithm, keyId, claims, lifeMs } = signing
  let key: KeyObject | Uint8Array | null = null
  return async (now) => {
    key ??= openKey(signing)
    const issuedAt = Math.floor(now / 1000)
    const expiresAt = issuedAt + Math.max(1, Math.floor(lifeMs / 1000))
    // Loaded by those who sign: few systems ask for it.
    const { SignJWT } = await import("jose")
    const jwt = new SignJWT({ ...claims })
      .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) })
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiresAt)
    try {
      return { token: await jwt.sign(key), until: expiresAt * 1000 }
    } catch {
      throw badKey(`it does not fit ${algorithm}`)
    }
  }
}
