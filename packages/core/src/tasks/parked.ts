/**
 * When parked tasks are due, in ms: never. They stand in BullMQ's delayed set, where all that knows of waiting tasks finds
 * them, and are called back by whoever frees the place that they wait for.
 */
export const PARKED_UNTIL_MS = Date.UTC(2200, 0, 1);

/** BullMQ's delayed score: the due time in ms times this, plus a counter. */
export const DELAYED_SCORE_UNIT = 4096;
