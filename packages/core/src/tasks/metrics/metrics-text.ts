import type { Context } from '../../context.js';
import { exposition } from '../../stats/metrics/exposition.js';
import { readMetrics } from '../../stats/metrics/read-metrics.js';
import { readGauges } from './gauges.js';

/** All metrics of the installation, in Prometheus's text format. */
export async function metricsText(ctx: Context): Promise<string> {
  const [gauges, counted] = await Promise.all([readGauges(ctx), readMetrics(ctx)]);
  return exposition([...gauges, ...counted]);
}
