// trim: text without blanks around it.
import { text, type LensDefinition } from "./lens.ts"

export const trim: LensDefinition = {
  name: "trim",
  doc: "Drops white space at both ends.",
  config: null,
  examples: [{ config: undefined, remote: "  Ada ", canonical: "Ada" }],
  from: ["text"],
  to: () => ["text"],
  make: () => ({ get: (remote) => text(remote, (t) => t.trim()), put: (value) => value }),
}
