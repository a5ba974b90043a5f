// A stranger's text -> one short line that is safe to show on a terminal: no control characters, no markup, bounded.

const LONGEST = 200
/** Enough to find a line worth quoting, little enough to be cheap. */
const LOOKED_AT = 4000

export const excerpt = (text: string, longest = LONGEST): string => {
  const line = text
    .slice(0, LOOKED_AT)
    .replace(/<(script|style|head)\b[\s\S]*?(<\/\1>|$)/gi, " ")
    // What was redacted before looks like markup, too.
    .replace(/<(?!redacted>)[^<>]*>/g, " ")
    // Control characters, and those that turn the direction of text or cannot be seen.
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim()
  const characters = [...line]
  return characters.length > longest ? `${characters.slice(0, longest - 1).join("")}…` : line
}

export const looksLikeHtml = (contentType: string | undefined, text: string): boolean =>
  /\bhtml\b/i.test(contentType ?? "") || /^\s*<(!doctype|html|head|body)\b/i.test(text.slice(0, 500))
