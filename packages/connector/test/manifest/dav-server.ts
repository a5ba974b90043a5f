// An address book as CardDAV servers keep it, in the few requests that a sync needs: cards with strong tags, a log of changes
// behind sync tokens, multiget, and answers in namespaces of the server's own choosing.
import { createHash } from "node:crypto"
import { listen, type LocalServer } from "../http/local-server.ts"

export interface DavServer extends LocalServer {
  readonly cards: Map<string, string>
  readonly book: string
  put(name: string, card: string): void
}

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
const tagOf = (card: string): string => `"${createHash("sha256").update(card).digest("hex").slice(0, 16)}"`

export const davServer = async (): Promise<DavServer> => {
  const book = "/u/book/"
  const cards = new Map<string, string>()
  const log: string[] = []
  const one = (name: string): string => {
    const card = cards.get(name)
    const href = `<A:href>${book}${name}</A:href>`
    if (card === undefined) return `<A:response>${href}<A:status>HTTP/1.1 404 Not Found</A:status></A:response>`
    const props = `<A:getetag>${tagOf(card)}</A:getetag><B:address-data>${escape(card)}</B:address-data>`
    return `<A:response>${href}<A:propstat><A:prop>${props}</A:prop><A:status>HTTP/1.1 200 OK</A:status></A:propstat></A:response>`
  }
  const token = (): string => `<A:sync-token>urn:token:${log.length}</A:sync-token>`
  const found = (body: string): string => {
    if (body.includes(":propfind"))
      return `<A:response><A:href>${book}</A:href><A:propstat><A:prop>${token()}</A:prop></A:propstat></A:response>`
    if (body.includes("addressbook-multiget"))
      return [...body.matchAll(/<d:href>([^<]*)</g)].map(([, href = ""]) => one(href.slice(book.length))).join("")
    if (!body.includes("sync-collection")) return [...cards.keys()].map(one).join("")
    const since = Number(/urn:token:(\d+)/.exec(body)?.[1] ?? 0)
    return `${[...new Set(log.slice(since))].map(one).join("")}${token()}`
  }
  const put = (name: string, card: string): void => {
    cards.set(name, card)
    log.push(name)
  }
  const server = await listen((request, response, body) => {
    const name = (request.url ?? "").slice(book.length)
    const { method } = request
    const card = cards.get(name)
    if (method === "PROPFIND" || method === "REPORT") {
      const text = `<?xml version="1.0"?>\n<A:multistatus xmlns:A="DAV:" xmlns:B="urn:ietf:params:xml:ns:carddav">${found(body)}</A:multistatus>`
      return response.writeHead(207, { "content-type": "application/xml" }).end(text)
    }
    const wanted = request.headers["if-match"]
    const refused =
      (request.headers["if-none-match"] === "*" && card !== undefined) ||
      (wanted !== undefined && (card === undefined || tagOf(card) !== wanted))
    if (refused) return response.writeHead(412, { "content-type": "text/plain" }).end("Precondition failed.")
    if (method === "PUT") {
      put(name, body)
      return response.writeHead(card === undefined ? 201 : 204).end()
    }
    if (card === undefined) return response.writeHead(404, { "content-type": "text/plain" }).end("No such resource.")
    cards.delete(name)
    log.push(name)
    response.writeHead(200, { "content-type": "text/xml" }).end("<?xml version='1.0'?>\n<multistatus xmlns='DAV:'/>")
  })
  return { ...server, cards, book, put }
}
