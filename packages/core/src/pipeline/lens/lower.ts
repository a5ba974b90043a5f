// lower: text in small letters.
import { text, type LensDefinition } from "./lens.ts"

export const lower: LensDefinition = {
  name: "lower",
  doc: "Reads text in small letters; what differs in case only is not rewritten.",
  config: null,
  examples: [{ config: undefined, remote: "Ada@X.com", canonical: "ada@x.com" }],
  from: ["text"],
  to: () => ["text"],
  make: () => ({ get: (remote) => text(remote, (t) => t.toLowerCase()), put: (value) => value }),
}
