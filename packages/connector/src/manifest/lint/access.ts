// Access: secrets in the open, and addresses that would carry them unencrypted.
import { entryOf, type Node, type Report } from "../../language/index.ts"
import type { Manifest } from "../spec/index.ts"
import type { Find } from "./place.ts"

const SECRET_HEADER = /^(?:authorization|proxy-authorization|cookie|x-.*(?:key|token|secret)|api-?key)$/i
const LOCAL = /^http:\/\/(?:localhost|127\.|\[::1\]|\{)/i

export function lintAccess(root: Node, manifest: Manifest, find: Find, report: Report): void {
  const base = entryOf(root, "baseUrl")?.value
  const url = base?.kind === "scalar" && typeof base.value === "string" ? base.value : ""
  if (/^http:/i.test(url) && !LOCAL.test(url) && manifest.auth.type !== "none")
    report.warning(base?.at ?? find("baseUrl"), "credentials would travel unencrypted", "write https://")
  literalSecrets(root, report)
  const known = manifest.resources.map((plan) => plan.name)
  const told = manifest.webhooks?.extract.resource
  if (told?.reads === null) {
    const name = told.run({})
    if (typeof name === "string" && !known.includes(name))
      report.error(
        find("webhooks", "extract", "resource"),
        `webhooks tell of "${name}", which is no resource of this manifest`,
        `one of: ${known.join(", ")}`,
      )
  }
}

/** Headers that hold a secret as such, wherever they stand. */
function literalSecrets(node: Node, report: Report): void {
  if (node.kind === "list") for (const item of node.items) literalSecrets(item, report)
  if (node.kind !== "map") return
  for (const { key, value } of node.entries) {
    if (key === "headers" && value.kind === "map") {
      for (const header of value.entries) {
        if (!SECRET_HEADER.test(header.key) || header.value.kind !== "scalar") continue
        const written = header.value.value
        if (typeof written !== "string" || written.startsWith("=") || written.length < 8) continue
        report.conceal(header.value.at)
        report.warning(header.value.at, "a secret stands in the manifest itself", "use auth, or =config.… with writeOnly: true")
      }
    }
    if (key !== "schema") literalSecrets(value, report)
  }
}
