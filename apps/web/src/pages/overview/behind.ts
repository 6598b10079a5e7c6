import type { Schema } from '../../api/client.js';
import type { RunFilters } from '../runs/run-filters.js';

type Stats = Schema<'Stats'>;
export type Counts = Stats['totals'];
const KINDS = ['agent', 'sender', 'model', 'error_code'] as const;
export type Kind = (typeof KINDS)[number];
export const isKind = (value: unknown): value is Kind => (KINDS as readonly unknown[]).includes(value);

/** The name of what is counted together because there are too many. */
const OTHER = 'other';

/**
 * The filter of what counts cover: an agent or all, and whole hours or days, of which the last has not ended.
 */
export const filterOf = (
  { series }: Pick<Stats, 'series'>,
  agent: string | undefined,
): Pick<RunFilters, 'agent' | 'from'> => ({
  ...onlyOf(agent),
  ...(series[0] !== undefined && { from: series[0].start }),
});

/** The filter of an agent's runs and events, or of all. */
export const onlyOf = (agent: string | undefined): Pick<RunFilters, 'agent'> =>
  agent === undefined ? {} : { agent };

/** The filter of the runs of a group; undefined where no filter names them. */
export function groupFilter(kind: Kind, name: string): RunFilters | undefined {
  if (kind !== 'agent' && name === OTHER) return undefined;
  return { [kind === 'error_code' ? 'error' : kind]: name };
}

const BUCKET_MS = { hour: 3_600_000, day: 86_400_000 };

/** The time that a bar covers. */
export const bucketSpan = (start: string, bucket: 'hour' | 'day') => ({
  from: start,
  to: new Date(Date.parse(start) + BUCKET_MS[bucket]).toISOString(),
});
