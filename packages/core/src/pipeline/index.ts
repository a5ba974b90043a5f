// The pipeline room: YAML text in, diagnostics and a compiled pipeline out.
export { compilePipeline, type CompileResult } from "./compile/compile.ts"
export type { CompileEnv } from "./compile/context.ts"
export type { Diagnostic, Sources, Span } from "./text/diagnostic.ts"
export { renderDiagnostics, type RenderOptions } from "./text/render.ts"
export { pipelineSchema } from "./language/pipeline.ts"
export { didYouMean, nearest } from "./text/nearest.ts"
