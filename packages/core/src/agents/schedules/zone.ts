import { DateTime, IANAZone } from 'luxon';

/** The UTC offset of a time zone at an instant, in ms. */
export type Zone = (ms: number) => number;

const MINUTE_MS = 60_000;

/** The time zone of a name in the IANA database; undefined for an unknown name. */
export function zoneOf(name: string): Zone | undefined {
  if (!IANAZone.isValidZone(name)) return undefined;
  const zone = IANAZone.create(name);
  return (ms) => Math.round(zone.offset(ms) * MINUTE_MS);
}

/** Reads a time with an offset, or one of the clocks in a time zone; undefined for any other text. */
export function instantOf(text: string, zone: string): number | undefined {
  const time = DateTime.fromISO(text, { zone });
  return time.isValid && text.includes('T') ? time.toMillis() : undefined;
}

/**
 * The first instant after `before` at which a zone's offset is not that at `before`. There must be one by
 * `after`.
 */
export function transition(zone: Zone, before: number, after: number): number {
  const offset = zone(before);
  let [from, to] = [before, after];
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (zone(middle) === offset) from = middle;
    else to = middle;
  }
  return to;
}
