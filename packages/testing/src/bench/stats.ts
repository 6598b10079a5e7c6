/**
 * The value below which a share of the values lies, by nearest rank.
 *
 * @param share from 0 to 1
 * @throws if there are no values
 */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('There is nothing to take a percentile of.');
  return value;
}

export const median = (values: number[]): number => percentile(values, 0.5);
