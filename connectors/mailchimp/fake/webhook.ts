// The webhook call by which Mailchimp tells of a member: a form, unsigned, with a secret that whoever registered put into the URL.
import type { Audiences } from "./audiences.ts"
import { timeText } from "./member.ts"

export interface WebhookCall {
  readonly method: "POST"
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export const webhookCall = (audiences: Audiences, list: string, contactId: string, url: string, secret: string): WebhookCall => {
  const member = audiences.audience(list)?.find(contactId)
  if (member === undefined) throw new Error(`there is no member ${contactId}`)
  const type = member.status === "unsubscribed" ? "unsubscribe" : member.status === "cleaned" ? "cleaned" : "profile"
  const form = new URLSearchParams({
    type,
    // without an offset, in UTC
    fired_at: timeText(member.lastChanged).slice(0, 19).replace("T", " "),
    "data[id]": member.contactId.slice(0, 10),
    "data[email]": member.address,
    "data[list_id]": list,
  })
  return {
    method: "POST",
    url: `${url}?secret=${encodeURIComponent(secret)}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
  }
}
