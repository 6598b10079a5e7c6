import { availableParallelism } from 'node:os';

/** Own time for checking a value, a schema or a filter, in ms. */
const CHECK_MS = 250;

/** How many bytes all documents of an API description may have together. */
export const MAX_DESCRIPTION_BYTES = 20 * 1024 * 1024;

/**
 * Every limit on work that outsiders control. "Own time" is the CPU time of the work itself: a busy machine
 * slows the work down but does not use up its own time.
 */
export const LIMITS = {
  checkMs: CHECK_MS,
  /**
   * Own time for rendering, in ms. An ordinary loop over a payload of 1 MiB takes up to 250 ms on an idle
   * machine, and up to four times as much own time on a crowded one, where it shares caches and cores.
   */
  renderMs: 1_000,
  /**
   * Own time for reading an API description, in ms. 13 MB of JSON take about 500 ms on an idle machine, 2 MiB
   * of YAML 300 ms.
   */
  descriptionMs: 8_000,
  /** Own time for masking, in ms. A pattern takes about 100 ms for 1 MiB of text. */
  maskMs: 5_000,
  /** Extra time for a helper's first work, in ms, because V8 has not compiled the program yet. */
  coldMs: 250,
  /** How long work may run in the short lane before it moves to the long one, in ms. */
  sliceMs: 25,
  /** How much longer a helper may take to report where it was, in ms. Then it is ended. */
  graceMs: 50,
  /** If own time cannot be read, wall time counts, with this factor for a busy machine. */
  clockPerOwn: 8,
  /** Work that has not finished after this wall time did not get enough CPU, in ms. */
  clockMs: 30_000,
  /** How long work waits for its turn, in ms. Default for callers. */
  waitMs: 60_000,
  /** How many pieces of work may wait in one lane. */
  waiting: 5_000,
  /** JavaScript heap of one helper, in MB. */
  heapMb: 128,
  /** Total memory of one helper, in MB. */
  residentMb: 400,
  /** How long an idle helper is kept, in ms. */
  idleMs: 30_000,
  /** Largest payload that is parsed on the event loop, in bytes: about 2 ms. */
  inlineBytes: 64 * 1024,
  /** Largest weight (see weigh.ts) of work done on the event loop, because it is cheap by construction. */
  inlineWeight: 128 * 1024,
} as const;

/** Settings for helpers of one kind. */
export interface LaneSettings {
  /** The maximum number, because they share the machine with the event loops. */
  helpers: number;
  /** Their scheduling priority (os.setPriority); higher values yield to others. */
  nice: number;
}

export const LANES: Record<'short' | 'long' | 'masking' | 'reading', LaneSettings> = {
  short: { helpers: 1, nice: 0 },
  long: { helpers: Math.min(4, Math.max(1, availableParallelism() - 1)), nice: 5 },
  // For masks of large payloads, 100 ms for each pattern, so that no payload of another agent waits for them.
  masking: { helpers: 1, nice: 5 },
  // For API descriptions, which may take seconds, so that no payload waits for one.
  reading: { helpers: 1, nice: 5 },
};
