// The same answer to many: each question gets it, or stays open with its reason.
import type { Review } from "@syncline/core"
import { ROUGH_CLOCKS } from "@syncline/core"
import { expect, test } from "vitest"
import { judgeMany } from "../../src/command/review-many.ts"
import { ambiguous, review } from "../render/specimen-stored.ts"

const clocks = () => ROUGH_CLOCKS
const [record, other] = review.sides
if (record === undefined || other === undefined) throw new Error("the specimen has two sides")
const close: Review = { ...review, id: "rev_close", sides: [record, { ...other, stamp: { ...other.stamp, at: record.stamp.at + 500 } }] }
const unsaid: Review = { ...review, id: "rev_unsaid", sides: [record, { ...other, stamp: { ...other.stamp, certainty: "observed" } }] }

test("the newest is taken where times tell, and what they do not tell stays open with the reason", () => {
  const { answered, open } = judgeMany([review, close, unsaid, ambiguous], { take: "newest" }, new Map(), clocks)
  expect(answered).toEqual([{ review, choice: { take: "system", system: "email" } }])
  expect(open.map(({ review: { id }, why }) => [id, why])).toEqual([
    ["rev_close", "Nobody can say what is newest: the changes lie too close together to tell which came last."],
    ["rev_unsaid", "Nobody can say what is newest: email does not say when it changed."],
    ["rev_amb000000000000", "--take newest does not answer this question."],
  ])
})

test("what was answered by itself keeps that answer, unless its values moved since", () => {
  const before = {
    kind: "resolve",
    id: "d",
    at: 0,
    by: "ada",
    note: null,
    reviewId: review.id,
    hash: review.hash,
    choice: { take: "retry" },
  } as const
  const decided = (hash: string) => new Map([[review.id, { ...before, hash }]])
  expect(judgeMany([review], { take: "crm" }, decided("h1"), clocks).open[0]?.why).toBe("answered already by ada: retry")
  expect(judgeMany([review], { take: "crm" }, decided("h0"), clocks).answered).toHaveLength(1)
})
