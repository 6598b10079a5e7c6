const UNITS: [name: RegExp, ms: number][] = [
  [/^(?:ms|millis)/i, 1],
  [/^s/i, 1_000],
  [/^mo(?:n|$)/i, 30 * 86_400_000],
  [/^m/i, 60_000],
  [/^h/i, 3_600_000],
  [/^d/i, 86_400_000],
  [/^w/i, 7 * 86_400_000],
];
const PART = /^(?:,? (?:and )?)?(\d{1,12}(?:\.\d{1,12})?) {0,2}(?:more )?([a-z]{1,12})/i;

/**
 * A duration at the beginning of a text: `1h2m3.5s`, `20ms`, `1 hour and 5 minutes`. A bare number is in
 * seconds.
 */
export function durationMs(text: string): number | undefined {
  let rest = text.trim();
  let total: number | undefined;
  for (let parts = 0; parts < 5; parts++) {
    const part = PART.exec(rest);
    const unit = part && UNITS.find(([name]) => name.test(part[2] ?? ''));
    if (!part || !unit) break;
    total = (total ?? 0) + Number(part[1]) * unit[1];
    rest = rest.slice(part[0].length);
  }
  if (total !== undefined) return total;
  const bare = /^\d{1,12}(?:\.\d{1,12})?/.exec(rest);
  return bare ? Number(bare[0]) * 1_000 : undefined;
}

/** Headers that say when a limit resets: OpenAI's, Anthropic's and those of many gateways. */
const RESET =
  /^(?:x-)?(?:anthropic-)?ratelimit-(?:(requests|tokens|input-tokens|output-tokens)-)?reset(?:-(.{1,40}))?$/;

/**
 * The wait until a used-up limit resets, in ms from `now`; if no header says which is used up, until the last
 * one does. Header names are in lower case. Undefined if no header says when.
 */
export function untilReset(headers: Record<string, string>, now: Date): number | undefined {
  const resets = Object.entries(headers).flatMap(([name, value]) => {
    if (name === 'ratelimit') return resetsIn(value);
    if (!RESET.test(name)) return [];
    const ms = resetMs(value, now);
    return ms === undefined
      ? []
      : [{ ms, usedUp: Number(headers[name.replace('reset', 'remaining')]) === 0 }];
  });
  const usedUp = resets.filter((reset) => reset.usedUp);
  const waits = (usedUp.length > 0 ? usedUp : resets).map(({ ms }) => ms);
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** How much of a header with several limits is read, in characters. */
const LONGEST_LIMITS = 1_000;

/**
 * What `RateLimit` says of each limit: `limit=100, remaining=0, reset=30` in its first drafts, then
 * `"burst";r=0;t=30`. https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 */
function resetsIn(value: string): { ms: number; usedUp: boolean }[] {
  const text = value.slice(0, LONGEST_LIMITS);
  const limits = /\bt=\d/.test(text) ? text.split(',') : [text];
  return limits.flatMap((limit) => {
    const seconds = /\b(?:t|reset)=(\d{1,9})/.exec(limit)?.[1];
    const usedUp = /\b(?:r|remaining)=0(?!\d)/.test(limit);
    return seconds === undefined ? [] : [{ ms: Number(seconds) * 1_000, usedUp }];
  });
}

/** Seconds since 1970 that can only be a time, and the same in ms. */
const [EPOCH_SECONDS, EPOCH_MS] = [1_000_000_000, 1_000_000_000_000];

/** A reset as a duration (`6m0s`), seconds from now, a time since 1970 in s or ms, or a date. */
function resetMs(value: string, now: Date): number | undefined {
  const text = value.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) {
    const number = Number(text);
    if (number < EPOCH_SECONDS) return number * 1_000;
    return (number < EPOCH_MS ? number * 1_000 : number) - now.getTime();
  }
  const date = /^\d{4}-/.test(text) || /^[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? durationMs(text) : date - now.getTime();
}
