// upper: text in capitals.
import { text, type LensDefinition } from "./lens.ts"

export const upper: LensDefinition = {
  name: "upper",
  doc: "Reads text in capitals; what differs in case only is not rewritten.",
  config: null,
  examples: [{ config: undefined, remote: "de", canonical: "DE" }],
  from: ["text"],
  to: () => ["text"],
  make: () => ({ get: (remote) => text(remote, (t) => t.toUpperCase()), put: (value) => value }),
}
