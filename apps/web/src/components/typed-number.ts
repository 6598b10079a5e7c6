/** The number that was typed so far, of which Mantine reports `0.` or `1.50` as text; null for none. */
export const numberOf = (typed: number | string): number | null =>
  typed === '' || !Number.isFinite(Number(typed)) ? null : Number(typed);

/** What a field shows: the text as it was typed, unless the value has changed otherwise. */
export const shownOf = (typed: number | string, value: number | null): number | string =>
  numberOf(typed) === value ? typed : (value ?? '');
