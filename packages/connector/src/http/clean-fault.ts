// A fault without the secrets that a system may have put into its words.
import type { Fault } from "../fault.ts"

export const cleanFault = (fault: Fault, redact: (text: string) => string): Fault => ({
  ...fault,
  message: redact(fault.message),
  ...(fault.fields === undefined
    ? {}
    : { fields: Object.fromEntries(Object.entries(fault.fields).map(([path, words]) => [redact(path), redact(words)])) }),
  ...(fault.existingId === undefined ? {} : { existingId: redact(fault.existingId) }),
})
