// What whoever shows questions needs of this room, without loading the engine.
export { latestSide, type Latest, ROUGH_CLOCKS, takerOf } from "./latest-side.ts"
export { chosenValue, refusalOf } from "./decided-value.ts"
