// Connectors without code: a manifest in YAML, compiled.
export { compileManifest, type CompiledManifest, type CompileEnv } from "./compile/compile.ts"
export { manifestSchema } from "./language/manifest.ts"
export type { Manifest } from "./spec/index.ts"
