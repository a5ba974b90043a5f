// The JSON Schema of `scenario.yaml`: what a story may say, word by word.

const text = { type: "string", minLength: 1 }
const object = { type: "object" }
const amount = {
  anyOf: [
    { type: "integer", minimum: 0 },
    {
      type: "object",
      additionalProperties: false,
      minProperties: 1,
      properties: { at_least: { type: "integer", minimum: 0 }, at_most: { type: "integer", minimum: 0 } },
    },
  ],
}
const amounts = { type: "object", additionalProperties: amount }
const list = { anyOf: [amount, { type: "array", items: object }] }
const texts = { anyOf: [text, { type: "array", items: text }] }

const deed = {
  type: "object",
  additionalProperties: false,
  properties: {
    create: { ...object, description: "an item in the system's own shape" },
    as: { ...text, pattern: "^[a-z][a-z0-9-]*$", description: "a name for the new item in this story" },
    update: { ...text, description: "who is changed: a name of this story, an id, or an e-mail address" },
    set: { ...object, description: "what is changed, in the system's own shape" },
    delete: text,
    erase: text,
    fault: { description: "trouble ordered at the admin port", type: ["object", "array"] },
    heal: { const: true, description: "ends all trouble" },
    admin: { ...object, minProperties: 1, maxProperties: 1, description: "one call to the admin port: its name and its body" },
  },
  oneOf: ["create", "update", "delete", "erase", "fault", "heal", "admin"].map((kind) => ({ required: [kind] })),
  dependentRequired: { update: ["set"], set: ["update"], as: ["create"] },
}

export const RESERVED = ["exit", "prints", "hides", "json", "writes", "calls", "total", "reviews", "quarantined"] as const

const expectation = {
  type: "object",
  properties: {
    exit: { type: "integer", minimum: 0, maximum: 255 },
    prints: texts,
    hides: texts,
    json: true,
    writes: amounts,
    calls: amounts,
    total: amounts,
    reviews: list,
    quarantined: list,
  },
  // Every other word is a system: who, and what they look like there.
  additionalProperties: { type: "object", additionalProperties: { anyOf: [{ const: "absent" }, object] } },
}

const step = {
  type: "object",
  additionalProperties: false,
  required: ["say"],
  properties: {
    say: { ...text, description: "what happens, in one sentence" },
    wait: { type: "number", exclusiveMinimum: 0, maximum: 10, description: "seconds that pass, where time itself is the story" },
    do: { type: "object", minProperties: 1, additionalProperties: { anyOf: [deed, { type: "array", minItems: 1, items: deed }] } },
    syncline: { anyOf: [text, { type: "array", minItems: 1, items: { type: ["string", "number"] } }] },
    shows: { type: "boolean", description: "what the command prints is the same every time, and belongs to the transcript" },
    expect: expectation,
  },
  dependentRequired: { shows: ["syncline"] },
}

export const scenarioSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  additionalProperties: false,
  required: ["scenario", "title", "systems", "story"],
  properties: {
    scenario: { const: 1 },
    title: text,
    pipeline: { ...text, description: "pipeline.yaml, unless said otherwise" },
    systems: {
      type: "object",
      minProperties: 1,
      propertyNames: { pattern: "^[a-z][a-z0-9-]*$", not: { enum: RESERVED } },
      additionalProperties: {
        type: "object",
        additionalProperties: false,
        required: ["mock"],
        properties: {
          mock: { ...text, pattern: "^[a-z][a-z0-9-]*$", description: "crm, email, or a connector that brings its fake" },
          seed: text,
        },
      },
    },
    env: { type: "object", additionalProperties: { type: "string" } },
    story: { type: "array", minItems: 1, items: step },
  },
}
