// json: a value that the system keeps as JSON text.
import { whyInadmissible } from "../../model/admissible.ts"
import { LensFailure } from "../../model/pipeline.ts"
import type { Json } from "../../model/value.ts"
import { ANY_KIND, show, text, type LensDefinition } from "./lens.ts"

export const json: LensDefinition = {
  name: "json",
  doc: "Reads JSON text as the value that it spells; text that spells the same value is not rewritten.",
  config: null,
  examples: [{ config: undefined, remote: '{"a": [1, 2]}', canonical: { a: [1, 2] } }],
  from: ["text"],
  to: () => ANY_KIND,
  make: () => ({
    get: (remote) =>
      text(remote, (written) => {
        try {
          const value: unknown = JSON.parse(written)
          const why = whyInadmissible({ value })
          // what JSON.parse can answer is exactly Json
          return why === null ? (value as Json) : new LensFailure(`${show(written)} cannot be taken: ${why}`)
        } catch {
          return new LensFailure(`${show(written)} is not JSON`)
        }
      }),
    put: (value) => JSON.stringify(value),
  }),
}
