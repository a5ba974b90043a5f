// Dotted remote paths: reading from and writing to nested items. Safe on hostile keys: `__proto__` is a key like any other.
export { overlay, projection, segmentsOf, valueAt, withValues, type Segments } from "@syncline/connector/value"
