import { AppError, type Context, checkClocks, liveProcesses, queueDepth, readTotals } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { createMetricsGuard } from '../access/metrics-key.js';
import { problems } from '../plugins/describe.js';
import type { ApiSettings } from '../settings.js';

/** Text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/ */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const EXAMPLE =
  '# HELP agenthook_tasks_pending Tasks waiting to start.\n# TYPE agenthook_tasks_pending ' +
  'gauge\nagenthook_tasks_pending 3\n';

const NO_KEY = 'METRICS_KEY guards this: send "Authorization: Bearer <METRICS_KEY>".';

const metricsSchema = {
  operationId: 'getMetrics',
  summary: 'Read metrics for Prometheus',
  description:
    'Covers the whole installation, whichever api process answers, so scrape only one. Does not name ' +
    'agents. Counters live in Redis and survive restarts. If METRICS_KEY is set, send it: ' +
    '`Authorization: Bearer <METRICS_KEY>`.',
  tags: ['System'],
  security: [{}, { metricsKey: [] }],
  response: {
    200: Type.Unsafe({
      description: 'The metrics, in text format.',
      content: { 'text/plain': { schema: { type: 'string' }, examples: { example: { value: EXAMPLE } } } },
    }),
    ...problems(['unauthorized', NO_KEY], 'redis_unavailable'),
  },
};

type Metric = [name: string, type: 'gauge' | 'counter', help: string, value: number];

/** GET /metrics */
export async function metricsRoutes(
  app: FastifyInstance,
  { ctx, settings }: { ctx: Context; settings: ApiSettings },
): Promise<void> {
  const maySee = createMetricsGuard(settings.metricsKey);
  app.get('/metrics', { schema: metricsSchema, config: { quiet: true } }, async (request, reply) => {
    if (!maySee(request)) throw new AppError('unauthorized', NO_KEY);
    const [queue, totals, processes] = await Promise.all([
      queueDepth(ctx),
      readTotals(ctx),
      liveProcesses(ctx),
    ]);
    const workers = processes.filter(({ kind }) => kind === 'worker');
    const total = (field: string) => totals[field] ?? 0;
    const metrics: Metric[] = [
      ['tasks_pending', 'gauge', 'Tasks waiting to start.', queue.pending],
      ['tasks_started', 'gauge', 'Tasks that have started and not ended.', queue.started],
      ['workers', 'gauge', 'Workers that reported in the last 15 seconds.', workers.length],
      [
        'clock_skew_seconds',
        'gauge',
        "The largest difference between a process's clock and Redis's, in seconds.",
        checkClocks(ctx, processes).skewSeconds,
      ],
      [
        'dropped_log_lines',
        'gauge',
        'Log lines that the live processes could not write since they started.',
        processes.reduce((sum, each) => sum + each.dropped_log_lines, 0),
      ],
      ['tasks_triggered_total', 'counter', 'Tasks created.', total('triggered')],
      ['tasks_succeeded_total', 'counter', 'Tasks that ended SUCCESS.', total('succeeded')],
      ['tasks_failed_total', 'counter', 'Tasks that ended FAILURE.', total('failed')],
      ['posts_rejected_total', 'counter', 'Rejected requests to known webhooks.', total('rejected')],
      [
        'posts_filtered_total',
        'counter',
        'Events that did not run because of a filter or an ignored sender.',
        total('filtered'),
      ],
      ['input_tokens_total', 'counter', 'Input tokens of models.', total('input_tokens')],
      ['output_tokens_total', 'counter', 'Output tokens of models.', total('output_tokens')],
      ['cost_dollars_total', 'counter', 'Cost, as far as prices are known.', total('cost_nano') / 1e9],
    ];
    return reply.type(CONTENT_TYPE).serializer(String).send(metrics.map(line).join(''));
  });
}

const line = ([name, type, help, value]: Metric): string =>
  `# HELP agenthook_${name} ${help}\n# TYPE agenthook_${name} ${type}\nagenthook_${name} ${value}\n`;
