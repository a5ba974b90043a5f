// What Syncline's YAML languages are made of: located text, a grammar whose shapes are parser and JSON Schema at once,
// diagnostics with a code frame, and CEL expressions that are bounded and compiled once. Pipelines and manifests share it.
export { isAffordable, spendCharacters, spendSteps } from "./cel/budget.ts"
export { compileExpression, type Expression, type Vocabulary } from "./cel/expression.ts"
export * from "./grammar/duration.ts"
export { foldSchema } from "./grammar/fold.ts"
export * from "./grammar/group.ts"
export * from "./grammar/scalar.ts"
export type * from "./grammar/shape.ts"
export { Report, type Diagnostic, type Sources, type Span } from "./text/diagnostic.ts"
export { didYouMean, nearest } from "./text/nearest.ts"
export { describeNode, entryOf, nodeAt, toJson, type Entry, type ListNode, type MapNode, type Node, type ScalarNode } from "./text/node.ts"
export { parseYaml, type FileKind } from "./text/parse.ts"
export { renderDiagnostics, type RenderOptions } from "./text/render.ts"
