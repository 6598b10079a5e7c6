import type { ToolsToCheck } from '@agenthook/contracts';

/** A check that waits for a worker. */
export interface ToolCheckRequest {
  id: string;
  /** When nobody waits for the answer any more, in ms since the epoch. */
  until_ms: number;
  /** A ToolsToCheck as JSON, encrypted, because it contains secrets. */
  sealed: string;
}

/** How long a request and an answer are kept, in ms. Longer than anyone waits. */
export const KEPT_MS = 60_000;
/** How much of the wait is left for the way to the worker and back, in ms. */
const TRANSIT_MS = 500;

/** The purpose that a sealed request is bound to. */
export const purposeOf = (id: string): string => `tool check ${id}`;

/** What a worker is asked, if someone waits `waitMs`. */
export const withinOf = (waitMs: number): Pick<ToolsToCheck, 'within_ms'> => ({
  within_ms: waitMs - TRANSIT_MS,
});
