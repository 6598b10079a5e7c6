import { AppError, type Context, taskTrace } from '@agenthook/core';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { requireApiKey } from '../plugins/api-key.js';
import type { ApiSettings } from '../settings.js';
import { API_KEY, answer, problems } from './describe.js';
import * as examples from './examples.js';

const traceSchema = {
  operationId: 'getTask',
  summary: 'Read the trace of a task',
  description:
    'What came in, what the model was told, each turn with its tool calls, tokens, cost and latency, and what came out: ' +
    'enough to see why an agent did what it did.',
  tags: ['Tasks'],
  security: API_KEY,
  params: Type.Object({ id: Type.String({ description: 'The task id.' }) }),
  response: {
    200: answer('The trace.', Type.Ref('TaskTrace'), examples.taskTrace),
    ...problems('unauthorized', 'unknown_task', 'redis_unavailable'),
  },
};

/** /api/tasks and below: for who operates the installation. */
export const taskRoutes: FastifyPluginAsyncTypebox<{ ctx: Context; settings: ApiSettings }> = async (
  app,
  { ctx, settings },
) => {
  app.addHook('onRequest', requireApiKey(settings.adminApiKey));

  app.get('/api/tasks/:id', { schema: traceSchema }, async (request) => {
    const trace = await taskTrace(ctx, request.params.id);
    if (!trace) throw new AppError('unknown_task', 'There is no such task, or its result has expired.');
    return trace;
  });
};
