import { AppError, type Context, metricsText } from '@agenthook/core';
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
    'Covers the whole installation, whichever api process answers, so scrape only one. Names at most 50 agents ' +
    'by id, and counts further ones as `other`. Counters live in Redis and survive restarts. If METRICS_KEY is ' +
    'set, send it: `Authorization: Bearer <METRICS_KEY>`.',
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

/** Callers that come while the metrics are read share that reading: it reads much, and may need no key. */
function createScrape(ctx: Context): () => Promise<string> {
  let running: Promise<string> | undefined;
  return () => {
    running ??= metricsText(ctx).finally(() => {
      running = undefined;
    });
    return running;
  };
}

/** GET /metrics */
export async function metricsRoutes(
  app: FastifyInstance,
  { ctx, settings }: { ctx: Context; settings: ApiSettings },
): Promise<void> {
  const maySee = createMetricsGuard(settings.metricsKey);
  const scrape = createScrape(ctx);
  app.get('/metrics', { schema: metricsSchema, config: { quiet: true } }, async (request, reply) => {
    if (!maySee(request)) throw new AppError('unauthorized', NO_KEY);
    return reply
      .type(CONTENT_TYPE)
      .serializer(String)
      .send(await scrape());
  });
}
