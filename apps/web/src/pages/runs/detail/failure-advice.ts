import { FAILURES } from '../../../api/generated/failures.js';

/** What happened and what to do, one sentence each; undefined for a code from a newer api. */
export function adviceFor(code: string): string | undefined {
  const known = Object.hasOwn(FAILURES, code) ? FAILURES[code] : undefined;
  return known && `${known.cause} ${known.remedy}`.replaceAll('`', '');
}
