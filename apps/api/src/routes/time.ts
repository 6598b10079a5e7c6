import { AppError } from '@agenthook/core';

/** RFC 3339, 5.6, with an offset: without one, the time would depend on the machine. */
const SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/**
 * Parses a time in a query parameter to ms since the epoch; undefined if it is missing. Throws
 * `invalid_request`.
 */
export function msOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = SHAPE.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const message = 'must be a time, for example 2026-01-31T12:00:00Z';
  throw new AppError('invalid_request', `${name} ${message}.`, { issues: [{ path: `/${name}`, message }] });
}
