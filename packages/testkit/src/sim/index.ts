// The simulator's front door: stories drawn from seeds, played against any store, judged, and cut down where they fail.
export { drawStory, type OpenStore, runStory, shrink, type Story } from "./run-seed.ts"
export { hasStrain } from "./strains.ts"
export { tellStory } from "./tell.ts"
export { drawTwists } from "./twists.ts"
