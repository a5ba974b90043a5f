// Bodies that are not JSON: a value -> text and its content type, and back. Numbers, truth values and blanks have no
// spelling of their own in forms and tables: they arrive as texts. Decoding throws a SyntaxError that quotes nothing.
import type { Json } from "../../json.ts"
import type { Codec, Decode, Encode } from "../spec/index.ts"
import { decodeCsv, encodeCsv } from "./csv.ts"
import { decodeForm, encodeForm } from "./form.ts"
import { decodeXml, encodeXml } from "./xml.ts"

interface CodecPair {
  readonly contentType: string
  readonly encode: (body: Json) => string
  readonly decode: (text: string) => Json
}

const CODECS: Readonly<Record<Codec, CodecPair>> = {
  json: { contentType: "application/json", encode: (body) => JSON.stringify(body), decode: (text) => JSON.parse(text) },
  form: { contentType: "application/x-www-form-urlencoded", encode: encodeForm, decode: decodeForm },
  csv: { contentType: "text/csv; charset=utf-8", encode: encodeCsv, decode: decodeCsv },
  xml: { contentType: "application/xml; charset=utf-8", encode: encodeXml, decode: decodeXml },
  text: {
    contentType: "text/plain; charset=utf-8",
    encode: (body) => (body === null ? "" : typeof body === "object" ? JSON.stringify(body) : String(body)),
    decode: (text) => text,
  },
}

export const encode: Encode = (codec, body) => ({ contentType: CODECS[codec].contentType, text: CODECS[codec].encode(body) })

export const decode: Decode = (codec, text) => CODECS[codec].decode(text)
