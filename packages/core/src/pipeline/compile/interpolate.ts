// ${NAME}, ${NAME:-default}, ${file:path} and $${ in the texts of a connector's settings.
import { didYouMean, type Text } from "@syncline/connector/language"
import { readBeside, type Context } from "./context.ts"

export interface Interpolated {
  readonly value: string
  /** Whether anything came from outside. */
  readonly referred: boolean
  /** Contents of files: secret. */
  readonly secrets: readonly string[]
  /** Values of variables: secret where the whole is. */
  readonly variables: readonly string[]
  /** Something could not be found; the value has a gap and proves nothing. */
  readonly broken: boolean
}

const REFERENCE = /\$\$\{|\$\{([^}]*)(\}?)/g

export function interpolate(text: Text, context: Context): Interpolated {
  let referred = false
  let broken = false
  const secrets: string[] = []
  const variables: string[] = []
  const value = text.value.replace(REFERENCE, (whole: string, inner: string | undefined, close: string | undefined, offset: number) => {
    if (inner === undefined) return "${"
    referred = true
    const at = text.node.locate(offset, offset + whole.length)
    const fail = (message: string, hint: string | null): string => {
      context.report.error(at, message, hint)
      broken = true
      return ""
    }
    if (close === "") return fail('this reference has no closing "}"', "write $${ for the characters themselves")
    if (inner.startsWith("file:")) {
      const file = readBeside(context, inner.slice("file:".length).trim(), at)
      if (file === null) {
        broken = true
        return ""
      }
      const content = file.text.replace(/\r?\n$/, "")
      secrets.push(content)
      return content
    }
    const found = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?$/.exec(inner)
    if (found === null) return fail(`"\${${inner}}" is no reference`, "write ${NAME}, ${NAME:-default} or ${file:path}")
    const [, name = "", fallback] = found
    const set = Object.hasOwn(context.env.variables, name) ? context.env.variables[name] : undefined
    if (set !== undefined && set !== "") {
      variables.push(set)
      return set
    }
    if (fallback !== undefined) return fallback
    const hint = didYouMean(
      name,
      Object.keys(context.env.variables).filter((other) => near(other, name)),
    )
    return fail(`the environment variable ${name} is not set`, hint ?? `set it, or write \${${name}:-default}`)
  })
  return { value, referred, secrets, variables, broken }
}

/** Of a long environment only names with the same beginning are worth a hint. */
const near = (other: string, name: string): boolean => other.slice(0, 2) === name.slice(0, 2) && Math.abs(other.length - name.length) <= 3
