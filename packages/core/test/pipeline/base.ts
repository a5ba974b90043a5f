// A small pipeline of two systems, as text, for tests that change one thing of it.
export const BASE = `version: 1
name: demo
systems:
  crm:
    connector: mock-crm
    config: { baseUrl: "http://127.0.0.1:4010", token: "\${CRM_TOKEN}" }
  email:
    connector: mock-email
    config: { baseUrl: "http://127.0.0.1:4020", apiKey: "\${EMAIL_KEY}", list: news }
entities:
  person:
    schema:
      type: object
      properties:
        email: { type: string }
        givenName: { type: string }
        tags: { type: array, items: { type: string } }
        consent: { enum: [subscribed, pending, unsubscribed] }
    match: [[email]]
    bindings:
      crm.contacts:
        fields:
          email: { path: email, as: [trim, lower] }
          givenName: first_name
          tags: { path: labels, as: set }
      email.members:
        fields:
          email: { path: email_address, as: [trim, lower] }
          givenName: merge_fields.FNAME
          tags: { path: tags, as: set }
`
