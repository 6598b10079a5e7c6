import { AppError } from '@agenthook/core';

/** RFC 3339, 5.6, with an offset: a time without one would mean another moment on every machine. */
const SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** A query parameter's time in ms since the epoch; undefined where it was left out. Throws `invalid_request`. */
export function msOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = SHAPE.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const message = 'must be a time as in 2026-01-31T12:00:00Z';
  throw new AppError('invalid_request', `${name} ${message}.`, { issues: [{ path: `/${name}`, message }] });
}
