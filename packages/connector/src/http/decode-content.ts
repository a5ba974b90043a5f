// Undoes `content-encoding`, never beyond a number of decoded bytes, so that a small answer cannot unpack into a huge one.
import { promisify } from "node:util"
import zlib from "node:zlib"

type Decoder = (bytes: Uint8Array, limit: { maxOutputLength: number }) => Promise<Uint8Array>

const gunzip: Decoder = promisify<Uint8Array, zlib.ZlibOptions, Uint8Array>(zlib.gunzip)

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", promisify<Uint8Array, zlib.ZlibOptions, Uint8Array>(zlib.inflate)],
  ["br", promisify<Uint8Array, zlib.BrotliOptions, Uint8Array>(zlib.brotliDecompress)],
  ["zstd", promisify<Uint8Array, zlib.ZstdOptions, Uint8Array>(zlib.zstdDecompress)],
])

export const ACCEPT_ENCODING = "gzip, br, zstd"

/** An honest system packs once. */
const MOST_LAYERS = 2

/** `why` completes the sentence "the answer is …". */
export type Decoded = { readonly bytes: Uint8Array } | { readonly why: string; readonly tooLarge: boolean }

export const decodeContent = async (bytes: Uint8Array, contentEncoding: string | undefined, maxBytes: number): Promise<Decoded> => {
  const layers = (contentEncoding ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
  const packed = layers.filter((name) => name !== "" && name !== "identity").reverse()
  if (packed.length > MOST_LAYERS) return { why: "packed too many times", tooLarge: false }
  let plain = bytes
  for (const name of bytes.length === 0 ? [] : packed) {
    const decoder = DECODERS.get(name)
    if (decoder === undefined) return { why: "packed in a way that was not asked for", tooLarge: false }
    try {
      plain = await decoder(plain, { maxOutputLength: maxBytes })
    } catch (error) {
      const tooLarge = error instanceof RangeError
      return { why: tooLarge ? `larger than ${maxBytes} bytes` : `damaged: it does not unpack as ${name}`, tooLarge }
    }
  }
  return { bytes: plain }
}
