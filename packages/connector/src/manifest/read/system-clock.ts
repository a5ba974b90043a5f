// What the system's clock says, as far as its answers told: by the header Date of the latest one.
import { readHttpDate } from "../../limit/retry-after.ts"
import type { Answer, Opened } from "../spec/index.ts"

const offsets = new WeakMap<Opened, number>()

export function learnClock(opened: Opened, answer: Answer): void {
  const date = readHttpDate(answer.headers["date"])
  if (date !== undefined && answer.headers["age"] === undefined) offsets.set(opened, date - opened.now())
}

/** Epoch ms. */
export const systemNow = (opened: Opened): number => opened.now() + (offsets.get(opened) ?? 0)
