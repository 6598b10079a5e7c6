import { parseTime } from '@agenthook/contracts';
import { AppError } from '@agenthook/core';

/**
 * Parses a time in a query parameter to ms since the epoch; undefined if it is missing. Throws
 * `invalid_request`.
 */
export function msOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseTime(text);
  if (ms !== undefined) return ms;
  const message = 'must be a time, for example 2026-01-31T12:00:00Z';
  throw new AppError('invalid_request', `${name} ${message}.`, { issues: [{ path: `/${name}`, message }] });
}
