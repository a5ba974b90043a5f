// nfc: one encoding for letters with marks.
import { text, type LensDefinition } from "./lens.ts"

export const nfc: LensDefinition = {
  name: "nfc",
  doc: "Reads text in Unicode normal form C, so that é made of one sign and é made of two are the same.",
  config: null,
  examples: [{ config: undefined, remote: "Rene\u0301", canonical: "Ren\u00e9" }],
  from: ["text"],
  to: () => ["text"],
  make: () => ({ get: (remote) => text(remote, (t) => t.normalize("NFC")), put: (value) => value }),
}
