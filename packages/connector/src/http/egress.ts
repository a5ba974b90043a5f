// Where requests may go: the hosts that the configuration names, nowhere else, whatever a remote answer says.
// Private and link-local addresses need explicit permission, because a name may turn out to resolve to one of them.
import { lookup as dnsLookup } from "node:dns"
import { BlockList, isIP, type LookupFunction } from "node:net"
import { FaultError } from "../fault.ts"

const loopback = new BlockList()
loopback.addSubnet("127.0.0.0", 8, "ipv4")
loopback.addAddress("::1", "ipv6")

const inner = new BlockList()
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  inner.addSubnet(net, prefix, "ipv4")
}
for (const [net, prefix] of [
  ["::", 128],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  inner.addSubnet(net, prefix, "ipv6")
}

/** Whether an address belongs to a private or special network, rather than to the internet or to this very machine. */
export const isInnerAddress = (address: string): boolean => {
  const family = isIP(address)
  if (family === 0) return false
  const type = family === 6 ? "ipv6" : "ipv4"
  return !loopback.check(address, type) && inner.check(address, type)
}

/** Raised while connecting, before anything is sent. */
export class EgressError extends Error {
  override readonly name = "EgressError"
}

export interface Egress {
  /** Checks a URL of the configuration. Throws a FaultError. */
  admit(configured: string): URL
  /** For the sockets: checks what a name resolves to at the moment of connecting, so that it cannot change in between. */
  readonly lookup: LookupFunction
}

const bareHost = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, "")

const refusal = (host: string): string => `${host} is an address of a private network, which has to be allowed for this system.`

const invalid = (message: string): FaultError => new FaultError({ class: "invalid", message })

export function openEgress(allowPrivateHosts: readonly string[]): Egress {
  const allowed = new Set(allowPrivateHosts.map(bareHost))
  return {
    admit(configured) {
      if (!URL.canParse(configured)) throw invalid("The URL of the system is not an absolute URL.")
      const url = new URL(configured)
      if (url.protocol !== "http:" && url.protocol !== "https:")
        throw invalid(`The URL of a system begins with https:// or http://, not ${url.protocol}`)
      if (url.username !== "" || url.password !== "") throw invalid(`Credentials for ${url.host} belong under auth, not into the URL.`)
      const host = bareHost(url.hostname)
      if (isInnerAddress(host) && !allowed.has(host)) throw invalid(refusal(host))
      return url
    },
    lookup(hostname, options, callback) {
      dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, "", 0)
        const usable = allowed.has(bareHost(hostname)) ? addresses : addresses.filter(({ address }) => !isInnerAddress(address))
        const first = usable[0]
        if (first === undefined) return callback(new EgressError(refusal(hostname)), "", 0)
        if (options.all === true) callback(null, usable)
        else callback(null, first.address, first.family)
      })
    },
  }
}

// `\` counts as `/` in a URL, `#` cuts it, a dot segment climbs out of it: an id that holds one was not encoded.
const NOT_ENCODED = /[\\#\s\p{Cc}]/u
const DOT_SEGMENT = /(^|\/)(\.|%2e){1,2}(\/|$)/i

/** URL of a request: a path below the base, or an absolute URL on the same origin. Throws a FaultError. */
export const urlBelow = (base: URL, path: string): URL => {
  if (NOT_ENCODED.test(path) || DOT_SEGMENT.test(path.replace(/\?.*$/, ""))) throw invalid("The path of a request is not encoded.")
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    const url = URL.canParse(path) ? new URL(path) : null
    if (url === null || url.origin !== base.origin || url.username !== "" || url.password !== "")
      throw invalid(`The system points to another host than ${base.host}, which is not followed.`)
    return url
  }
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}`)
}
