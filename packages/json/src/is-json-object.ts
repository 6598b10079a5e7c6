import { ExactNumber } from './exact-number.js';

/** Whether a value is an object in JSON: no list, no null, and no number that kept its digits. */
export const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
