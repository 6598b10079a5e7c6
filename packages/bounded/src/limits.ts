import { availableParallelism } from 'node:os';

/**
 * Every limit on steered work. "Own time" is the time that the work itself spends on a processor: a machine that is busy
 * with something else makes it slower, but does not use it up.
 */
export const LIMITS = {
  /** Own time of one check of a value or a schema, in ms. What takes longer is ended. */
  checkMs: 250,
  /**
   * Own time of one rendering, in ms. An ordinary loop over a payload of 1 MiB takes up to 250 ms on an idle machine, and up
   * to four times as much of its own time on a crowded one, whose caches and cores it shares.
   */
  renderMs: 1_000,
  /** Own time of reading one YAML text, in ms. One of 2 MiB takes some 300 on an idle machine. */
  yamlMs: 2_000,
  /** Characters of JSON that a YAML text may come out as. */
  yamlCharacters: 4 * 1024 * 1024,
  /** Characters of YAML that are read on the event loop: some 5 ms. */
  inlineYaml: 32 * 1024,
  /** What the first work of a helper gets more, in ms: V8 has not compiled the program yet, and runs it slowly. */
  coldMs: 250,
  /** What a piece of work gets in the short lane, in ms, before it moves to the long one. */
  sliceMs: 25,
  /** What the helper has beyond that to say where it was, in ms. Then it is ended. */
  graceMs: 50,
  /** Where own time cannot be read, the clock counts, with so much room for a busy machine. */
  clockPerOwn: 8,
  /** What is not finished after this long on the clock, in ms, did not get a processor. */
  clockMs: 30_000,
  /** How long work waits for its turn, in ms, unless its caller says otherwise. */
  waitMs: 60_000,
  /** How many pieces of work wait in one lane. */
  waiting: 5_000,
  /** JavaScript heap of one helper, in MB. */
  heapMb: 128,
  /** All memory of one helper, in MB. */
  residentMb: 400,
  /** How long a helper that has nothing to do is kept, in ms. */
  idleMs: 30_000,
  /** Bytes of a payload that is parsed on the event loop: about 2 ms of it. */
  inlineBytes: 64 * 1024,
  /** Weight (see weigh.ts) of what is done on the event loop because it is cheap by construction. */
  inlineWeight: 128 * 1024,
} as const;

/** Helpers of one kind. */
export interface LaneSettings {
  /** How many there are at most: they share the machine with the event loops. */
  helpers: number;
  /** How much they stand back for others (os.setPriority). */
  nice: number;
}

export const LANES: Record<'short' | 'long', LaneSettings> = {
  short: { helpers: 1, nice: 0 },
  long: { helpers: Math.min(4, Math.max(1, availableParallelism() - 1)), nice: 5 },
};
