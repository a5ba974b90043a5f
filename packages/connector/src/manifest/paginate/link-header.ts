// The URL of a relation in a header `Link` (RFC 8288): `<https://…>; rel="next", …`. Pure, linear in the header's length.

export function linkOf(header: string | undefined, relation: string): string | null {
  let rest = header ?? ""
  const wanted = relation.toLowerCase()
  while (rest !== "") {
    const open = rest.indexOf("<")
    const close = rest.indexOf(">", open)
    if (open < 0 || close < 0) return null
    const url = rest.slice(open + 1, close)
    const [parameters, following] = upToComma(rest.slice(close + 1))
    const said = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters)
    const relations = (said?.[1] ?? said?.[2] ?? "").toLowerCase().split(/\s+/)
    if (relations.includes(wanted)) return url
    rest = following
  }
  return null
}

/** Parameters of one link: a comma inside quotes belongs to them. */
function upToComma(text: string): readonly [string, string] {
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted
    else if (text[at] === "," && !quoted) return [text.slice(0, at), text.slice(at + 1)]
  }
  return [text, ""]
}
