/** RFC 3339, 5.6. The offset is required: without one, the time would depend on the machine. */
const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** A time, in ms since the epoch, in RFC 3339 and UTC. */
export const iso = (ms: number): string => new Date(ms).toISOString();

/** The same for a time that may be missing, also as Redis stores numbers. */
export const isoOrNull = (ms: number | string | null | undefined): string | null =>
  ms === null || ms === undefined || ms === '' ? null : iso(Number(ms));

/** Reads a time in RFC 3339: ms since the epoch, undefined for any other text. */
export function parseTime(text: string): number | undefined {
  const ms = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
