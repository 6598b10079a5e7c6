import { HOUR_MS } from '../queue/index-scripts.js';

/** The hour that a time, in ms, falls into, counted from the epoch. */
export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS);
