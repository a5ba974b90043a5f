import fc from "fast-check"
import { expect, test } from "vitest"
import type { Json } from "../../../src/index.ts"
import { decode, encode } from "../../../src/manifest/codec/codec.ts"

test("a request to a WebDAV server is written as it wants it", () => {
  const { contentType, text } = encode("xml", {
    "d:propfind": { "@xmlns:d": "DAV:", "d:prop": { "d:getetag": null, "d:displayname": "a < b & c" } },
  })
  expect(contentType).toContain("application/xml")
  expect(text).toBe(
    '<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:d="DAV:"><d:prop><d:getetag/><d:displayname>a &lt; b &amp; c</d:displayname></d:prop></d:propfind>',
  )
})

test("an answer is read without the server's own prefixes, its values as texts", () => {
  const text = `<?xml version="1.0"?>
<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">
  <D:response><D:href>/a.vcf</D:href><D:propstat><D:prop><D:getetag>"007"</D:getetag>
    <C:address-data>BEGIN:VCARD&#13;
FN:Ann &amp; Bob
END:VCARD</C:address-data></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>
  <D:response kind="x"><D:href>/b.vcf</D:href><!-- gone --><D:status>HTTP/1.1 404 Not Found</D:status></D:response>
  <D:sync-token>12</D:sync-token>
</D:multistatus>`
  expect(decode("xml", text)).toMatchObject({
    multistatus: {
      response: [
        { href: "/a.vcf", propstat: { prop: { getetag: '"007"', "address-data": expect.stringContaining("FN:Ann & Bob\nEND") } } },
        { "@kind": "x", href: "/b.vcf", status: "HTTP/1.1 404 Not Found" },
      ],
      "sync-token": "12",
    },
  })
})

test.each([
  ["a document type", '<!DOCTYPE a [<!ENTITY x "canary">]><a>&x;</a>'],
  ["half a document", "<a><canary>"],
  ["another closing tag", "<a></canary>"],
  ["no XML at all", "canary"],
  ["a name that would change a prototype", "<a><__proto__><canary>1</canary></__proto__></a>"],
  ["a name that every object has", "<a><constructor>canary</constructor></a>"],
  ["bottomless nesting", `${"<canary>".repeat(5000)}${"</canary>".repeat(5000)}`],
])("%s is refused, without a quote", (_title, text) => {
  expect(() => decode("xml", text)).toThrow(SyntaxError)
  expect(() => decode("xml", text)).not.toThrow(/canary/)
})

test("nothing is null", () => {
  expect(decode("xml", " ")).toBeNull()
})

test("what XML can hold comes back as it was", () => {
  const name = fc.stringMatching(/^[a-z]{1,6}$/)
  const word = fc.stringMatching(/^[a-zA-Z0-9<>&"'äß ]{1,10}$/).map((text) => text.trim() || "x")
  const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      word,
      fc.dictionary(name, fc.oneof(tie("tree"), fc.array(word, { minLength: 2, maxLength: 3 })), {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }),
    ),
  }))
  fc.assert(
    fc.property(tree, (inner) => {
      expect(decode("xml", encode("xml", { root: inner }).text)).toEqual({ root: inner })
    }),
  )
})

test("text goes as it is", () => {
  expect(encode("text", "BEGIN:VCARD\r\n")).toEqual({ contentType: "text/plain; charset=utf-8", text: "BEGIN:VCARD\r\n" })
  expect(decode("text", "a\nb")).toBe("a\nb")
})
