import type { Context } from '../../context.js';
import { keys } from '../../redis/keys.js';
import { objectOf } from '../../redis/stored-row.js';
import { definitionOf, METRICS, type MetricName, unitOf } from './definitions.js';
import type { Family } from './exposition.js';
import { SEPARATOR } from './recorder.js';
import type { Load } from './store-metrics.js';

/** The stored values of one metric, by its labels and place. */
type Stored = Map<string, { labels: string[]; places: Map<string, number> }>;

/** What all processes have counted, since the installation began. */
export async function readMetrics(ctx: Context): Promise<Family[]> {
  const fields = await ctx.redis.hgetall(keys.metrics);
  const byName = new Map<string, Stored>();
  for (const [field, value] of Object.entries(fields)) {
    const [name = '', ...parts] = field.split(SEPARATOR);
    const place = parts.pop() ?? '';
    const stored: Stored = byName.get(name) ?? new Map();
    byName.set(name, stored);
    const key = parts.join(SEPARATOR);
    const series = stored.get(key) ?? { labels: parts, places: new Map() };
    stored.set(key, series);
    series.places.set(place, Number(value));
  }
  return (Object.keys(METRICS) as MetricName[]).map((name) => familyOf(name, byName.get(name) ?? new Map()));
}

function familyOf(name: MetricName, stored: Stored): Family {
  const { type, help, labels: names } = definitionOf(name);
  const samples = [...stored.values()].flatMap(({ labels: values, places }) => {
    const labels = Object.fromEntries(names.map((label, nth) => [label, values[nth] ?? '']));
    if (type === 'counter') return [{ labels, value: (places.get('') ?? 0) / unitOf(name) }];
    return histogramOf(name, labels, places);
  });
  return { name, type, help, samples };
}

function histogramOf(name: MetricName, labels: Record<string, string>, places: Map<string, number>) {
  const { buckets = [] } = definitionOf(name);
  let count = 0;
  const bounds = [...buckets.map(String), '+Inf'].map((le, nth) => {
    count += places.get(String(nth)) ?? 0;
    return { suffix: '_bucket', labels: { ...labels, le }, value: count };
  });
  return [
    ...bounds,
    { suffix: '_sum', labels, value: (places.get('sum') ?? 0) / unitOf(name) },
    { suffix: '_count', labels, value: count },
  ];
}

/** What the live processes are doing. */
export async function readLoads(ctx: Context, ids: readonly string[]): Promise<Load[]> {
  if (ids.length === 0) return [];
  const found = await Promise.all(ids.map((id) => ctx.redis.get(keys.processLoad(id))));
  return found.flatMap((text) => (objectOf(text) as Load | undefined) ?? []);
}
