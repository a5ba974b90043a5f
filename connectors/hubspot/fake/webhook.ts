// The webhook call by which HubSpot tells of changes: up to 100 thin events in one body, signed by version 3.
import { createHmac } from "node:crypto"
import type { JsonObject } from "@syncline/connector"
import type { Crm, ObjectRow } from "./crm.ts"
import type { ObjectType } from "./properties.ts"

export interface Delivery {
  readonly method: "POST"
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const MAX_EVENTS = 100

const eventOf = (type: ObjectType, row: ObjectRow): JsonObject => {
  const singular = type === "contacts" ? "contact" : "company"
  const what = row.deletedAt !== null ? "deletion" : row.createdAt === row.updatedAt ? "creation" : "propertyChange"
  return {
    eventId: row.seq,
    subscriptionId: 1,
    portalId: 1,
    appId: 1,
    occurredAt: row.deletedAt ?? row.updatedAt,
    subscriptionType: `${singular}.${what}`,
    attemptNumber: 0,
    objectId: Number(row.id),
    changeSource: "CRM_UI",
  }
}

export const signatureOf = (secret: string, method: string, url: string, body: string, timestamp: string): string =>
  createHmac("sha256", secret).update(`${method}${url}${body}${timestamp}`).digest("base64")

export const signedDelivery = (
  crm: Crm,
  since: { readonly contacts: number; readonly companies: number },
  url: string,
  secret: string,
  now: number,
): Delivery => {
  const events = [
    ...crm.contacts.since(since.contacts).map((row) => eventOf("contacts", row)),
    ...crm.companies.since(since.companies).map((row) => eventOf("companies", row)),
  ].slice(0, MAX_EVENTS)
  const body = JSON.stringify(events)
  return {
    method: "POST",
    url,
    headers: {
      "content-type": "application/json",
      "x-hubspot-request-timestamp": String(now),
      "x-hubspot-signature-v3": signatureOf(secret, "POST", url, body, String(now)),
    },
    body,
  }
}
