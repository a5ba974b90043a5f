// What became of a write, as passes count it.

/** `trimmed`: a part was refused and the rest goes without it, at once. */
export type Settled = "created" | "updated" | "deleted" | "postponed" | "refused" | "trimmed" | "open"
