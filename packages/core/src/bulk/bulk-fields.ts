/** The fields of a bulk job's hash. */
export const BULK = {
  /** What was asked for: a BulkAbout, as JSON. */
  about: 'about',
  state: 'state',
  /** Where collecting goes on. */
  cursor: 'cursor',
  total: 'total',
  done: 'done',
  /** When it was done or stopped, in ms. */
  finished: 'finished',
  /** The process that works on it. */
  runner: 'runner',
  /** Why it makes no progress. */
  waits: 'waits',
  /** The tasks that it made last and that may not have started, separated by commas. */
  made: 'made',
} as const;

/** How many ids are kept for each reason. */
export const REASON_EXAMPLES = 3;
