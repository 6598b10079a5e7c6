import { AppError, type Context, taskStatus } from '@agenthook/core';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { problems } from './describe.js';
import * as examples from './examples.js';

const schema = {
  operationId: 'getTaskStatus',
  summary: 'Read the status and result of a task',
  description:
    '`PENDING`: stored, not started. `STARTED`: runs, or waits for its next attempt. `SUCCESS`, `FAILURE`: ended, with ' +
    '`result`. The task id is the credential; no API key is needed.',
  tags: ['Tasks'],
  querystring: Type.Object({
    task_id: Type.String({ minLength: 1, description: 'As the trigger returned it.' }),
  }),
  response: {
    200: Type.Unsafe({
      description: 'The state of the task. `Retry-After` says when to poll again, while it has not ended.',
      content: {
        'application/json': {
          schema: Type.Ref('TaskState'),
          examples: {
            SUCCESS: { value: examples.taskState },
            PENDING: { value: examples.taskPending },
            FAILURE: { value: examples.taskFailed },
          },
        },
      },
    }),
    ...problems('missing_task_id', 'unknown_task', 'redis_unavailable'),
  },
};

/** GET /api/task_status */
export const taskStatusRoutes: FastifyPluginAsyncTypebox<{ ctx: Context }> = async (app, { ctx }) => {
  app.get(
    '/api/task_status',
    { schema, attachValidation: true, config: { quiet: true } },
    async (request, reply) => {
      if (request.validationError) {
        throw new AppError('missing_task_id', 'Name the task once: /api/task_status?task_id=…');
      }
      const state = await taskStatus(ctx, request.query.task_id);
      if (!state) throw new AppError('unknown_task', 'There is no such task, or its result has expired.');
      if (state.finished_at === null) reply.header('retry-after', 1);
      return reply.send(state);
    },
  );
};
