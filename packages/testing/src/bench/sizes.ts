/** How much a run of the suite does. All times are bounded by these. */
export interface Sizes {
  /** Rounds of each side in a comparison, and how long one takes. */
  rounds: number;
  roundSeconds: number;
  warmUpSeconds: number;
  /** Connections of the load generator: enough to keep one api process busy. */
  connections: number;
  latencySamples: number;
  latencyWarmUp: number;
  /** Tasks per round that run through the whole loop. */
  runs: number;
  runRounds: number;
  /** Waiting tasks in the comparison with an empty queue; 0 skips that comparison. */
  backlog: number;
  pollSamples: number;
}

/** Takes less than four minutes. */
export const FULL: Sizes = {
  rounds: 7,
  roundSeconds: 2,
  warmUpSeconds: 4,
  connections: 50,
  latencySamples: 300,
  latencyWarmUp: 100,
  runs: 5_000,
  runRounds: 3,
  backlog: 100_000,
  pollSamples: 1_000,
};

/** Takes less than 40 seconds, without the backlog. */
export const QUICK: Sizes = {
  ...FULL,
  rounds: 5,
  roundSeconds: 1,
  warmUpSeconds: 2,
  latencySamples: 150,
  latencyWarmUp: 50,
  runs: 1_500,
  runRounds: 2,
  backlog: 0,
};
