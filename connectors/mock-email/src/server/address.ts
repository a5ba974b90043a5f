// E-mail addresses as the platform takes them: trimmed and lower-cased, and refused where no mail could reach them.
// Letters of any script are welcome on both sides of the @.

export const normaliseAddress = (raw: string): string => raw.trim().toLowerCase()

const local = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~.-]{1,64}$/u
const label = /^[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?$/u

/** Why a normalised address is refused, or null. */
export const addressProblem = (address: string): string | null => {
  if (address === "") return "an address is needed"
  if (address.length > 254) return "an address has at most 254 characters"
  const at = address.lastIndexOf("@")
  if (at < 1 || address.indexOf("@") !== at) return "an address has exactly one @ with a name before it"
  const name = address.slice(0, at)
  if (!local.test(name) || name.startsWith(".") || name.endsWith(".") || name.includes("..")) return "the part before the @ is not valid"
  const labels = address.slice(at + 1).split(".")
  if (labels.length < 2) return "the part after the @ is not a domain"
  if (labels.some((part) => part.length > 63 || !label.test(part))) return "the part after the @ is not a domain"
  if ((labels.at(-1) ?? "").length < 2) return "the domain has no valid ending"
  return null
}
