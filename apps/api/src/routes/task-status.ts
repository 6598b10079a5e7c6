import { MAX_WAIT_SECONDS } from '@agenthook/contracts';
import { AppError, awaitTask, type Context, unknownTask, type Waiters } from '@agenthook/core';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { networkOf } from '../access/network-of.js';
import { problems } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const schema = {
  operationId: 'getTaskStatus',
  summary: 'Read the status and result of a task',
  description:
    '`PENDING`: stored, not started. `STARTED`: started, and running unless `waiting_for` says why not. ' +
    '`SUCCESS`, `FAILURE`: ended, with `result`. The task id is the credential; no API key is needed. With ' +
    '`wait`, the answer comes when the task ends or, at the latest, after that many seconds. If too ' +
    "many callers already wait, it comes at once. The agent's `public_result` decides how much of " +
    '`result` is shown. With an API key, use GET /api/tasks/{id}.',
  tags: ['Tasks'],
  querystring: Type.Object({
    task_id: Type.String({ minLength: 1, description: 'The id that the trigger returned.' }),
    wait: Type.Integer({
      minimum: 0,
      maximum: MAX_WAIT_SECONDS,
      default: 0,
      description: 'How many seconds to wait for the end.',
    }),
  }),
  response: {
    200: Type.Unsafe({
      description: 'The state of the task. `Retry-After` says when to poll again if it has not ended.',
      content: {
        'application/json': {
          schema: Type.Ref('PublicState'),
          examples: {
            SUCCESS: { value: examples.taskState },
            PENDING: { value: examples.taskPending },
            FAILURE: { value: examples.taskFailed },
            'waiting for approval': { value: examples.taskWaiting },
          },
        },
      },
    }),
    ...problems(
      'missing_task_id',
      ['invalid_request', 'The request is not valid: /wait must be <= 60.'],
      'unknown_task',
      'redis_unavailable',
      'archive_unavailable',
      'texts_sealed',
    ),
  },
};

/** GET /api/task_status */
export const taskStatusRoutes: FastifyPluginAsyncTypebox<{ ctx: Context; waiters: Waiters }> = async (
  app,
  { ctx, waiters },
) => {
  app.get(
    '/api/task_status',
    { schema, attachValidation: true, config: { access: 'public', quiet: true } },
    async (request, reply) => {
      if (request.validationError) throw refusalOf(request.validationError);
      const { task_id, wait } = request.query;
      const gone = new AbortController();
      if (wait > 0) reply.raw.once('close', () => gone.abort());
      const state = await awaitTask(ctx, waiters, task_id, {
        ms: wait * 1000,
        network: networkOf(request.ip),
        signal: gone.signal,
      });
      if (gone.signal.aborted) return reply.hijack();
      // A shutdown waits for connections that are kept alive after an answer.
      if (waiters.closed) reply.header('connection', 'close');
      if (!state) throw unknownTask();
      if (state.finished_at === null) reply.header('retry-after', 1);
      return reply.send(state);
    },
  );
};

/** Builds the error for a bad query. It reports other parameters only if a task is named. */
function refusalOf(error: NonNullable<FastifyRequest['validationError']>): Error {
  const aboutTask = (error.validation as { instancePath: string; keyword: string }[]).some(
    ({ instancePath, keyword }) => instancePath === '/task_id' || keyword === 'required',
  );
  return aboutTask ? new AppError('missing_task_id') : error;
}
