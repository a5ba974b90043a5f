// XML. An element is a mapping: attributes under `@name`, elements under their names, text beside them under `#text`; one
// that holds nothing but text is that text, one that comes several times a list. Reading drops the prefixes of namespaces,
// which every server chooses for itself; writing takes names as they are, with `@xmlns:…` where it is wanted.
import { XMLBuilder, XMLParser } from "fast-xml-parser"
import { isObject, type Json } from "../../json.ts"

const SHARED = { ignoreAttributes: false, attributeNamePrefix: "@", textNodeName: "#text" } as const

const parser = new XMLParser({
  ...SHARED,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Numbers and truth values have no spelling of their own: `007` must stay what it is.
  parseTagValue: false,
  parseAttributeValue: false,
})
const builder = new XMLBuilder({ ...SHARED, suppressEmptyNode: true, suppressBooleanAttributes: false })

const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
/** Deeper than any real document; shallow enough for recursive code downstream. */
const MAX_DEPTH = 100

export const encodeXml = (body: Json): string => `${DECLARATION}${builder.build(written(body))}`

/** A blank is an empty element. */
const written = (value: Json): Json => {
  if (value === null) return ""
  if (Array.isArray(value)) return value.map(written)
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, written(inner)])) : value
}

export const decodeXml = (text: string): Json => {
  if (text.trim() === "") return null
  // Entities of a document's own making can blow it up, and can name files.
  if (/<!DOCTYPE/i.test(text)) throw new SyntaxError("XML with a document type")
  let parsed: Json
  try {
    parsed = parser.parse(text, true)
  } catch {
    throw new SyntaxError("not XML")
  }
  return tame(parsed, 0)
}

const tame = (value: Json, depth: number): Json => {
  if (depth > MAX_DEPTH) throw new SyntaxError(`XML nested deeper than ${MAX_DEPTH} levels`)
  if (Array.isArray(value)) return value.map((each: Json) => tame(each, depth + 1))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, tame(inner, depth + 1)]))
}
