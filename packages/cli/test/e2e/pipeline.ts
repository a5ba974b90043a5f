// The pipeline of these tests as text: a CRM and a newsletter, both ways, with what a test may want to vary.
import { fileURLToPath } from "node:url"

export interface Variation {
  /** Whole lines below `guards:`. */
  readonly guards?: string
  readonly emailDelete?: string
  readonly poll?: string
  /** The mocks' manifests in place of their coded connectors. */
  readonly withoutCode?: boolean
}

const manifest = (name: string): string => fileURLToPath(new URL(`../../../../connectors/${name}/${name}.connector.yaml`, import.meta.url))

export const personSchema = JSON.stringify({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: {
    email: { type: "string" },
    givenName: { type: "string" },
    familyName: { type: "string" },
    phone: { type: ["string", "null"] },
    company: { type: ["string", "null"] },
    tags: { type: "array", items: { type: "string" } },
    consent: { enum: ["subscribed", "pending", "unsubscribed"] },
  },
})

export const pipelineText = ({
  guards = "delete: { max: 10, percent: 2 }",
  emailDelete = "archive",
  poll = "every: 30s",
  withoutCode = false,
}: Variation = {}): string => `
version: 1
name: town
systems:
  crm:
    connector: ${withoutCode ? manifest("mock-crm") : "mock-crm"}
    config: { baseUrl: "\${CRM_URL}", token: "\${CRM_TOKEN}" }
  email:
    connector: ${withoutCode ? manifest("mock-email") : "mock-email"}
    config: { baseUrl: "\${EMAIL_URL}", apiKey: "\${EMAIL_KEY}", list: newsletter }
entities:
  person:
    schema: ./person.schema.json
    match: [[email]]
    on_match: newest
    bindings:
      crm.contacts:
        fields:
          email: { path: email, as: [trim, lower] }
          givenName: { path: first_name, as: [trim] }
          familyName: { path: last_name, as: [trim] }
          phone: { path: phone, as: [{ e164: US }] }
          company: { path: account.name, direction: in }
          tags: { path: labels, as: [set] }
          consent:
            get: 'rec.stage == "lost" || rec.email_opt_out == true ? "unsubscribed" : "subscribed"'
            put: { email_opt_out: 'value == "unsubscribed"' }
        on_delete: propagate
      email.members:
        when: 'record.consent == "subscribed" || linked'
        fields:
          email: { path: email_address, as: [trim, lower] }
          givenName: { path: merge_fields.FNAME, as: [trim] }
          familyName: { path: merge_fields.LNAME, as: [trim] }
          phone: { path: merge_fields.PHONE, as: [{ e164: US }] }
          company: { path: merge_fields.COMPANY, direction: out }
          tags: { path: tags, as: [set] }
          consent:
            path: status
            as: [{ map: { subscribed: subscribed, pending: pending, unsubscribed: unsubscribed, cleaned: unsubscribed } }]
        on_delete: ${emailDelete}
    conflicts:
      default: newest
      fields:
        consent: { strictest: [unsubscribed, pending, subscribed] }
        company: { prefer: crm }
        tags: union
      delete_vs_edit: review
guards:
  ${guards}
schedule:
  poll: { ${poll} }
`
