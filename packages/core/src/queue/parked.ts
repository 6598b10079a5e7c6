/**
 * When parked tasks are due, in ms: never. They are in BullMQ's delayed set, so that code for waiting tasks
 * finds them. The code that frees the place that they wait for calls them back.
 */
export const PARKED_UNTIL_MS = Date.UTC(2200, 0, 1);

/** BullMQ's delayed score is the due time in ms times this, plus a counter. */
export const DELAYED_SCORE_UNIT = 4096;
